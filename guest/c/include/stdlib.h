/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an app in C has of the standard library, without a libc.
 */

#ifndef ZEPHYR_WASM_GUEST_STDLIB_H_
#define ZEPHYR_WASM_GUEST_STDLIB_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The heap is static, of HEAP_SIZE bytes (an argument of zephyr_wasm_app()). NULL if it is full. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *memory, size_t size);
void *aligned_alloc(size_t align, size_t size);
void free(void *memory);

/* Traps: the firmware reports it, and the other apps run on. */
__attribute__((noreturn)) void abort(void);

/* Numbers in texts; what is too large is cut to the largest, with ERANGE in errno. */
long strtol(const char *text, char **end, int base);
unsigned long strtoul(const char *text, char **end, int base);
int atoi(const char *text);

static inline int abs(int number)
{
	return number < 0 ? -number : number;
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_GUEST_STDLIB_H_ */
