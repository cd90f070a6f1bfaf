/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Memory and texts of an app in C. What an app does not use is left out.
 */

#include <stdint.h>
#include <string.h>

/* These three are one instruction each, which the compiler makes of the builtins. */

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	return __builtin_memcpy(to, from, size);
}

void *memmove(void *to, const void *from, size_t size)
{
	return __builtin_memmove(to, from, size);
}

void *memset(void *to, int byte, size_t size)
{
	return __builtin_memset(to, byte, size);
}

int memcmp(const void *left, const void *right, size_t size)
{
	const uint8_t *l = left;
	const uint8_t *r = right;

	for (; size > 0; size--, l++, r++) {
		if (*l != *r) {
			return *l - *r;
		}
	}
	return 0;
}

void *memchr(const void *memory, int byte, size_t size)
{
	const uint8_t *bytes = memory;

	for (; size > 0; size--, bytes++) {
		if (*bytes == (uint8_t)byte) {
			return (void *)bytes;
		}
	}
	return NULL;
}

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end != '\0') {
		end++;
	}
	return end - text;
}

size_t strnlen(const char *text, size_t size)
{
	size_t length = 0;

	while (length < size && text[length] != '\0') {
		length++;
	}
	return length;
}

int strcmp(const char *left, const char *right)
{
	return strncmp(left, right, SIZE_MAX);
}

int strncmp(const char *left, const char *right, size_t size)
{
	for (; size > 0; size--, left++, right++) {
		if (*left != *right || *left == '\0') {
			return (uint8_t)*left - (uint8_t)*right;
		}
	}
	return 0;
}

char *strchr(const char *text, int c)
{
	for (; *text != (char)c; text++) {
		if (*text == '\0') {
			return NULL;
		}
	}
	return (char *)text;
}

char *strrchr(const char *text, int c)
{
	const char *found = NULL;

	do {
		if (*text == (char)c) {
			found = text;
		}
	} while (*text++ != '\0');
	return (char *)found;
}

char *strstr(const char *text, const char *wanted)
{
	size_t length = strlen(wanted);

	for (; strncmp(text, wanted, length) != 0; text++) {
		if (*text == '\0') {
			return NULL;
		}
	}
	return (char *)text;
}

char *strcpy(char *restrict to, const char *restrict from)
{
	return memcpy(to, from, strlen(from) + 1);
}

char *strncpy(char *restrict to, const char *restrict from, size_t size)
{
	size_t length = strnlen(from, size);

	memcpy(to, from, length);
	memset(to + length, 0, size - length);
	return to;
}

char *strcat(char *restrict to, const char *restrict from)
{
	strcpy(to + strlen(to), from);
	return to;
}

size_t strspn(const char *text, const char *set)
{
	size_t length = 0;

	while (text[length] != '\0' && strchr(set, text[length]) != NULL) {
		length++;
	}
	return length;
}

size_t strcspn(const char *text, const char *set)
{
	size_t length = 0;

	while (text[length] != '\0' && strchr(set, text[length]) == NULL) {
		length++;
	}
	return length;
}
