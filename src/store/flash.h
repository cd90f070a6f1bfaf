/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The partition of the store: blocks that are erased as one, and units that are written as one.
 */

#ifndef ZEPHYR_WASM_STORE_FLASH_H_
#define ZEPHYR_WASM_STORE_FLASH_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What is erased at once. */
#define FLASH_BLOCK CONFIG_WASM_STORE_BLOCK_SIZE

/** The size of a unit in bytes, which has to be a multiple of what the flash writes at once. No
 * flash of today asks for more. */
#define FLASH_UNIT 32

/** Opens the partition, once; -ENODEV if its geometry does not fit. */
int zephyr_wasm_flash_open(void);

/** The size of the partition in bytes. */
size_t zephyr_wasm_flash_size(void);

int zephyr_wasm_flash_read(uint32_t offset, void *data, size_t size);

/** Writes whole units that are erased. */
int zephyr_wasm_flash_write(uint32_t offset, const void *data, size_t size);

/** Whether there is nothing but erased units. */
bool zephyr_wasm_flash_is_blank(uint32_t offset, size_t size);

/** Erases the block at an offset, unless it is blank. */
int zephyr_wasm_flash_clear(uint32_t offset);

/**
 * The address of what is at an offset: where the flash is mapped, or a copy in RAM
 * (CONFIG_WASM_STORE_COPY). NULL if there is no memory for that.
 */
const uint8_t *zephyr_wasm_flash_map(uint32_t offset, size_t size);

/** Whether an address is in the mapped partition, where other bytes may have been written since it
 * was taken. */
bool zephyr_wasm_flash_has(const uint8_t *address);

/** Gives an address of zephyr_wasm_flash_map() back. */
void zephyr_wasm_flash_unmap(const uint8_t *address);

#endif /* ZEPHYR_WASM_STORE_FLASH_H_ */
