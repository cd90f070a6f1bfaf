/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What of flash apps in user mode read, on ARM. To Zephyr, that is all of it up to the end of the
 * chip: also what other apps have stored, and keys of the firmware's, which are in its settings. So
 * apps read the image, and modules that are in flash elsewhere, as exactly as the protection unit
 * counts: in eighths of a region on ARMv7-M; on ARMv8-M, from the first of these to the last. The
 * kernel needs no region there.
 */

#include <cmsis_core.h>

#include <zephyr/kernel.h>
#include <zephyr/linker/linker-defs.h>
#include <zephyr/sys/barrier.h>
#include <zephyr/sys/util.h>

#include "zephyr_wasm_gate.h"

/* Zephyr's own table of regions begins with flash; some chips have others, or other units. */
#if defined(CONFIG_CPU_HAS_ARM_MPU) && defined(CONFIG_XIP) &&                                      \
	!defined(CONFIG_CPU_HAS_CUSTOM_FIXED_SOC_MPU_REGIONS) &&                                   \
	!defined(CONFIG_MPU_DISABLE_BACKGROUND_MAP)

#define FLASH_REGION 0

#if defined(CONFIG_ARMV8_M_BASELINE) || defined(CONFIG_ARMV8_M_MAINLINE)

/* What the unit counts in, in bytes. */
#define UNIT 32

/* Where what is shown begins, and ends. */
static uintptr_t first = UINTPTR_MAX;
static uintptr_t end;

static void show(uintptr_t start, size_t size)
{
	first = MIN(first, ROUND_DOWN(start, UNIT));
	end = MAX(end, ROUND_UP(start + size, UNIT));
	/* The other bits of both say what may be done there. */
	MPU->RBAR = (MPU->RBAR & ~MPU_RBAR_BASE_Msk) | (first & MPU_RBAR_BASE_Msk);
	MPU->RLAR = (MPU->RLAR & ~MPU_RLAR_LIMIT_Msk) | ((end - 1) & MPU_RLAR_LIMIT_Msk);
}

#else

/* Which eighths of the region are shown, a bit each. */
static uint32_t shown;

static void show(uintptr_t start, size_t size)
{
	uint32_t region = MPU->RASR;
	/* How large one is, as a power of two: the register has the region's less one. */
	uint32_t power = ((region & MPU_RASR_SIZE_Msk) >> MPU_RASR_SIZE_Pos) + 1 - 3;
	size_t offset = start - CONFIG_FLASH_BASE_ADDRESS;

	for (size_t i = offset >> power; i <= (offset + size - 1) >> power; i++) {
		shown |= BIT(i);
	}
	MPU->RASR =
		(region & ~MPU_RASR_SRD_Msk) | ((~shown << MPU_RASR_SRD_Pos) & MPU_RASR_SRD_Msk);
}

#endif

static void show_if_in_flash(uintptr_t start, size_t size)
{
	size_t offset = start - CONFIG_FLASH_BASE_ADDRESS;

	if (size > 0 && offset < KB(CONFIG_FLASH_SIZE) && size <= KB(CONFIG_FLASH_SIZE) - offset) {
		show(start, size);
	}
}

void zephyr_wasm_user_show(const void *start, size_t size)
{
	/* Who switches threads selects another region. */
	unsigned int key = irq_lock();

	MPU->RNR = FLASH_REGION;
	/* All that the linker has put there. */
	show_if_in_flash((uintptr_t)__rom_region_start, (size_t)_flash_used);
	show_if_in_flash((uintptr_t)start, size);
	barrier_dsync_fence_full();
	barrier_isync_fence_full();
	irq_unlock(key);
}

#else

void zephyr_wasm_user_show(const void *start, size_t size)
{
	ARG_UNUSED(start);
	ARG_UNUSED(size);
}

#endif
