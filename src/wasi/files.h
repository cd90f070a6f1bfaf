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

#include <zephyr/sys/util.h>

/** How zephyr_wasm_file_open() opens a file, as bits. */
enum {
	WASI_WRITE = BIT(0),
	WASI_CREATE = BIT(1),
	WASI_TRUNCATE = BIT(2),
	/** Create it, or fail if it exists. */
	WASI_EXCLUSIVE = BIT(3),
};

/** Opens a file of a stream, or of a program's code. It can always be read. Returns its number, or
 * a negative errno. */
int zephyr_wasm_wasi_file_open(const char *path, bool write, bool create, bool truncate);

/** Reads or writes at the offset at which the last call has ended. Returns how many bytes, or a
 * negative errno. */
ssize_t zephyr_wasm_wasi_file_read_on(uint32_t file, void *bytes, size_t size);
ssize_t zephyr_wasm_wasi_file_write_on(uint32_t file, const void *bytes, size_t size);

/** From here on, each of those writes appends to the file. */
void zephyr_wasm_wasi_file_to_end(uint32_t file);

/** Closes the file of a stream. */
void zephyr_wasm_wasi_file_end(uint32_t file);

#ifdef CONFIG_WASM_USERSPACE
/** Whether a number is of a file that the calling program has opened itself, and (@p writes) for
 * writing. Ends the program if it is not even its. The number of a file that a stream leads to
 * would be that of another program's file once it was closed. */
bool zephyr_wasm_wasi_file_is_own(uint32_t file, bool writes);
#endif

/** Returns the size of a file in bytes. */
uint64_t zephyr_wasm_file_size(uint32_t file);

/** Writes the size of what is at a path. Returns 1 for a directory, 0 for a file, or an error of
 * WASI's. */
int32_t zephyr_wasm_path_stat(const char *path, size_t length, uint64_t *size);

/** Closes a file. */
int32_t zephyr_wasm_file_close(uint32_t file);

#endif /* ZEPHYR_WASM_WASI_FILES_H_ */
