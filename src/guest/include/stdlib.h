/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an app in C has of the standard library, without a libc.
 */

#ifndef ZEPHYR_WASM_GUEST_STDLIB_H_
#define ZEPHYR_WASM_GUEST_STDLIB_H_

#include <stddef.h>

/* The heap is static, of HEAP_SIZE bytes (an argument of zephyr_wasm_app()). NULL if it is full. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);
void free(void *memory);

/* Traps: the firmware reports it, and the other apps run on. */
_Noreturn void abort(void);

#endif /* ZEPHYR_WASM_GUEST_STDLIB_H_ */
