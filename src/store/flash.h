/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The flash partition of the store. A block is erased as a whole, and a unit is written as a whole.
 */

#ifndef ZEPHYR_WASM_STORE_FLASH_H_
#define ZEPHYR_WASM_STORE_FLASH_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The size of a block in bytes. */
#define FLASH_BLOCK CONFIG_WASM_STORE_BLOCK_SIZE

/** The size of a unit in bytes. It has to be a multiple of what the flash writes at once. No flash
 * of today needs more. */
#define FLASH_UNIT 32

/** Opens the partition, if it is not open. Returns 0, -ENODEV if its geometry does not fit, or an
 * error of the flash. */
int zephyr_wasm_flash_open(void);

/** The size of the partition in bytes. */
size_t zephyr_wasm_flash_size(void);

int zephyr_wasm_flash_read(uint32_t offset, void *data, size_t size);

/** Writes whole units, which have to be erased. */
int zephyr_wasm_flash_write(uint32_t offset, const void *data, size_t size);

/** Whether @p size bytes at @p offset are erased. */
bool zephyr_wasm_flash_is_blank(uint32_t offset, size_t size);

/** Erases the block at an offset, unless it is blank. */
int zephyr_wasm_flash_clear(uint32_t offset);

/** Returns an address of the bytes at an offset: in mapped flash, or of a copy in RAM
 * (CONFIG_WASM_STORE_COPY). NULL if there is no memory for a copy. */
const uint8_t *zephyr_wasm_flash_map(uint32_t offset, size_t size);

/** Whether an address is in the mapped partition. Other bytes may have been written there since the
 * address was taken. */
bool zephyr_wasm_flash_has(const uint8_t *address);

/** Releases an address from zephyr_wasm_flash_map(). */
void zephyr_wasm_flash_unmap(const uint8_t *address);

#endif /* ZEPHYR_WASM_STORE_FLASH_H_ */
