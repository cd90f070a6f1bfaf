/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Open files of programs and of their streams. Each has a number.
 */

#ifndef ZEPHYR_WASM_WASI_FILES_H_
#define ZEPHYR_WASM_WASI_FILES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** Opens a file. It can always be read. Returns its number, or a negative errno. */
int zephyr_wasm_wasi_file_open(const char *path, bool write, bool create, bool truncate);

/** Reads or writes at the offset at which the last call has ended. Returns how many bytes, or a
 * negative errno. */
ssize_t zephyr_wasm_wasi_file_read_on(uint32_t file, void *bytes, size_t size);
ssize_t zephyr_wasm_wasi_file_write_on(uint32_t file, const void *bytes, size_t size);

/** From here on, each of those writes appends to the file. */
void zephyr_wasm_wasi_file_to_end(uint32_t file);

/** Returns the size of a file in bytes. */
uint64_t zephyr_wasm_file_size(uint32_t file);

/** Writes the size of what is at a path. Returns 1 for a directory, 0 for a file, or an error of
 * WASI's. */
int32_t zephyr_wasm_path_stat(const char *path, size_t length, uint64_t *size);

/** Closes a file. */
int32_t zephyr_wasm_file_close(uint32_t file);

#endif /* ZEPHYR_WASM_WASI_FILES_H_ */
