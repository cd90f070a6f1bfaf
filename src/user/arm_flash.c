/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Limits which part of the flash apps in user mode can read, on ARM.
 *
 * Zephyr lets them read all of it, up to the end of the chip. That includes Zephyr's settings, with
 * data that other apps have stored and keys of the firmware. Here, apps can read the image, and
 * modules that are elsewhere in flash, as exactly as the protection unit allows: whole eighths of
 * the flash region on ARMv7-M; on ARMv8-M, from the first of these to the last. The kernel itself
 * needs no region for the flash.
 */

#include <cmsis_core.h>

#include <zephyr/kernel.h>
#include <zephyr/linker/linker-defs.h>
#include <zephyr/sys/barrier.h>
#include <zephyr/sys/util.h>

#include "zephyr_wasm_gate.h"

/* Only for chips with Zephyr's own table of regions, whose first region is the flash. Some chips
 * have other tables or other units. */
#if defined(CONFIG_CPU_HAS_ARM_MPU) && defined(CONFIG_XIP) &&                                      \
	!defined(CONFIG_CPU_HAS_CUSTOM_FIXED_SOC_MPU_REGIONS) &&                                   \
	!defined(CONFIG_MPU_DISABLE_BACKGROUND_MAP)

#define FLASH_REGION 0

#if defined(CONFIG_ARMV8_M_BASELINE) || defined(CONFIG_ARMV8_M_MAINLINE)

/* The unit's granularity in bytes. */
#define UNIT 32

/* The start and the end of what apps can read. */
static uintptr_t first = UINTPTR_MAX;
static uintptr_t end;

static void show(uintptr_t start, size_t size)
{
	first = MIN(first, ROUND_DOWN(start, UNIT));
	end = MAX(end, ROUND_UP(start + size, UNIT));
	/* The other bits of both registers are the access rights. */
	MPU->RBAR = (MPU->RBAR & ~MPU_RBAR_BASE_Msk) | (first & MPU_RBAR_BASE_Msk);
	MPU->RLAR = (MPU->RLAR & ~MPU_RLAR_LIMIT_Msk) | ((end - 1) & MPU_RLAR_LIMIT_Msk);
}

#else

/* Which eighths of the region apps can read, a bit for each. */
static uint32_t shown;

static void show(uintptr_t start, size_t size)
{
	uint32_t region = MPU->RASR;
	/* The size of an eighth, as a power of two. The register has the exponent of the region's
	 * size, less one. */
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
	/* Locked, because a switch of threads selects another region. */
	unsigned int key = irq_lock();

	MPU->RNR = FLASH_REGION;
	/* The image: all that the linker has put into flash. */
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
