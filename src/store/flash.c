/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flash partition of the store, accessed by Zephyr's flash map.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/devicetree.h>
#include <zephyr/drivers/flash.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/storage/flash_map.h>

#include <zephyr_wasm/releases.h>

#include "core/code_room.h"
#include "flash.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

#define PARTITION DT_NODELABEL(wasm_partition)

static const struct flash_area *area;

/* How many bytes are compared at once. */
#define STRIDE 64

/* Whether each block consists of whole pages, of which a chip may have several sizes: some drivers
 * erase every page that a block has a part of. Writes a page at which that is not so. */
static bool are_of_pages(const struct flash_area *opened, struct flash_pages_info *page)
{
	for (size_t at = 0; at < opened->fa_size; at += FLASH_BLOCK) {
		const off_t begin = opened->fa_off + (off_t)at;
		const off_t end = begin + FLASH_BLOCK;

		if (flash_get_page_info_by_offs(opened->fa_dev, begin, page) != 0 ||
		    page->start_offset != begin ||
		    flash_get_page_info_by_offs(opened->fa_dev, end - 1, page) != 0 ||
		    page->start_offset + (off_t)page->size != end) {
			return false;
		}
	}
	return true;
}

int zephyr_wasm_flash_open(void)
{
	struct flash_pages_info page = {0};
	const struct flash_area *opened;
	int result;

	if (area != NULL) {
		return 0;
	}
	result = flash_area_open(ZEPHYR_WASM_DT_PARTITION_ID(PARTITION), &opened);
	if (result != 0) {
		return result;
	}
	if (flash_area_align(opened) > FLASH_UNIT || FLASH_UNIT % flash_area_align(opened) != 0) {
		LOG_ERR("store: the flash is written in units of %u bytes, and %u are known",
			(unsigned int)flash_area_align(opened), FLASH_UNIT);
		return -ENODEV;
	}
	if (!are_of_pages(opened, &page) || opened->fa_size % FLASH_BLOCK != 0) {
		LOG_ERR("store: wasm_partition has to consist of whole blocks of "
			"CONFIG_WASM_STORE_BLOCK_SIZE bytes, and those of pages of %u bytes",
			(unsigned int)page.size);
		return -ENODEV;
	}
	area = opened;
	return 0;
}

size_t zephyr_wasm_flash_size(void)
{
	return area == NULL ? 0 : area->fa_size;
}

int zephyr_wasm_flash_read(uint32_t offset, void *data, size_t size)
{
	return flash_area_read(area, offset, data, size);
}

int zephyr_wasm_flash_write(uint32_t offset, const void *data, size_t size)
{
	return flash_area_write(area, offset, data, size);
}

bool zephyr_wasm_flash_is_blank(uint32_t offset, size_t size)
{
	uint8_t erased = flash_area_erased_val(area);
	uint8_t bytes[STRIDE];

	while (size > 0) {
		size_t part = MIN(size, sizeof(bytes));

		if (flash_area_read(area, offset, bytes, part) != 0) {
			return false;
		}
		for (size_t i = 0; i < part; i++) {
			if (bytes[i] != erased) {
				return false;
			}
		}
		offset += part;
		size -= part;
	}
	return true;
}

int zephyr_wasm_flash_clear(uint32_t offset)
{
	if (zephyr_wasm_flash_is_blank(offset, FLASH_BLOCK)) {
		return 0;
	}
	return flash_area_flatten(area, offset, FLASH_BLOCK);
}

#ifdef CONFIG_WASM_STORE_COPY
const uint8_t *zephyr_wasm_flash_map(uint32_t offset, size_t size)
{
#ifdef CONFIG_WASM_COMPILED_STORE
	uint8_t *copy =
		k_aligned_alloc(zephyr_wasm_code_alignment(size), zephyr_wasm_code_room(size));
#else
	uint8_t *copy = k_malloc(size);
#endif

	if (copy == NULL) {
		LOG_ERR("store: no %u bytes for a copy of an app (CONFIG_HEAP_MEM_POOL_SIZE)",
			(unsigned int)size);
		return NULL;
	}
	if (zephyr_wasm_flash_read(offset, copy, size) != 0) {
		k_free(copy);
		return NULL;
	}
#ifdef CONFIG_WASM_COMPILED_STORE
	/* The app sees all of the room. */
	memset(copy + size, 0, zephyr_wasm_code_room(size) - size);
#endif
	return copy;
}

void zephyr_wasm_flash_unmap(const uint8_t *address)
{
	k_free((void *)address);
}

bool zephyr_wasm_flash_has(const uint8_t *address)
{
	ARG_UNUSED(address);
	return false;
}

#else

#if DT_NODE_HAS_COMPAT(ZEPHYR_WASM_DT_PARTITION_MTD(PARTITION), zephyr_sim_flash)
#include <zephyr/drivers/flash/flash_simulator.h>

static const uint8_t *base(void)
{
	size_t size;

	return (const uint8_t *)flash_simulator_get_memory(area->fa_dev, &size) + area->fa_off;
}
#elif DT_NODE_EXISTS(ZEPHYR_WASM_DT_PARTITION_MEM(PARTITION)) &&                                   \
	!defined(CONFIG_SOC_FAMILY_ESPRESSIF_ESP32)
/* Espressif's chips map parts of their flash, the image among them, to addresses of which the
 * devicetree says nothing: there, flash begins at 0, where these chips have no memory. */
static const uint8_t *base(void)
{
	/* The address of the memory, plus the partition's offset. The partition's own address in
	 * the devicetree may or may not include the memory's: that depends on `ranges`. */
	return (const uint8_t *)DT_REG_ADDR(ZEPHYR_WASM_DT_PARTITION_MEM(PARTITION)) + area->fa_off;
}
#else
#error "the flash of wasm_partition is not mapped into memory: set CONFIG_WASM_STORE_COPY=y"
#endif

const uint8_t *zephyr_wasm_flash_map(uint32_t offset, size_t size)
{
	ARG_UNUSED(size);
	return base() + offset;
}

void zephyr_wasm_flash_unmap(const uint8_t *address)
{
	ARG_UNUSED(address);
}

bool zephyr_wasm_flash_has(const uint8_t *address)
{
	return area != NULL && (uintptr_t)address - (uintptr_t)base() < area->fa_size;
}
#endif
