/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef ZEPHYR_WASM_GUEST_STRING_H_
#define ZEPHYR_WASM_GUEST_STRING_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void *memcpy(void *__restrict to, const void *__restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *left, const void *right, size_t size);
void *memchr(const void *memory, int byte, size_t size);
size_t strlen(const char *text);
size_t strnlen(const char *text, size_t size);
int strcmp(const char *left, const char *right);
int strncmp(const char *left, const char *right, size_t size);
char *strchr(const char *text, int c);
char *strrchr(const char *text, int c);
char *strstr(const char *text, const char *wanted);
char *strcpy(char *__restrict to, const char *__restrict from);
char *strncpy(char *__restrict to, const char *__restrict from, size_t size);
char *strcat(char *__restrict to, const char *__restrict from);
size_t strspn(const char *text, const char *set);
size_t strcspn(const char *text, const char *set);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_GUEST_STRING_H_ */
