/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Open files of programs and of their streams, by number.
 */

#ifndef ZEPHYR_WASM_WASI_FILES_H_
#define ZEPHYR_WASM_WASI_FILES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** Opens a file, which can always be read: its number, or a negative errno. */
int zephyr_wasm_wasi_file_open(const char *path, bool write, bool create, bool truncate);

/** Reads and writes from where the last call was done: how much, or a negative errno. */
ssize_t zephyr_wasm_wasi_file_read_on(uint32_t file, void *bytes, size_t size);
ssize_t zephyr_wasm_wasi_file_write_on(uint32_t file, const void *bytes, size_t size);

/** Each of those writes is behind what the file has by then. */
void zephyr_wasm_wasi_file_to_end(uint32_t file);

/** How many bytes it has. */
uint64_t zephyr_wasm_file_size(uint32_t file);

/** What is at a path: 1 for a directory, 0 for a file, or an error of WASI's. */
int32_t zephyr_wasm_path_stat(const char *path, size_t length, uint64_t *size);

/** Closes it. */
int32_t zephyr_wasm_file_close(uint32_t file);

#endif /* ZEPHYR_WASM_WASI_FILES_H_ */
