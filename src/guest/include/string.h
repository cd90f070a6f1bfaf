/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef ZEPHYR_WASM_GUEST_STRING_H_
#define ZEPHYR_WASM_GUEST_STRING_H_

#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *left, const void *right, size_t size);
size_t strlen(const char *text);
int strcmp(const char *left, const char *right);

#endif /* ZEPHYR_WASM_GUEST_STRING_H_ */
