/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The runtime of an app in C: memory and strings, without a libc. What an app does not use is left
 * out.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef HEAP_SIZE
#define HEAP_SIZE 1024
#endif

/* A piece of the heap, used or free, with its memory behind it. */
struct piece {
	/* The bytes of its memory. */
	uint32_t size;
	bool used;
};

#define UNIT sizeof(struct piece)

static _Alignas(8) uint8_t heap[HEAP_SIZE / UNIT * UNIT];

static struct piece *next_of(struct piece *piece)
{
	uint8_t *next = (uint8_t *)(piece + 1) + piece->size;

	return next < heap + sizeof(heap) ? (struct piece *)next : NULL;
}

/* Makes one of a free piece and the free ones behind it. */
static void join(struct piece *piece)
{
	struct piece *next = next_of(piece);

	while (next != NULL && !next->used) {
		piece->size += UNIT + next->size;
		next = next_of(piece);
	}
}

/* Gives what a piece has beyond `size` back. */
static void split(struct piece *piece, uint32_t size)
{
	if (piece->size >= size + 2 * UNIT) {
		struct piece *rest = (struct piece *)((uint8_t *)(piece + 1) + size);

		rest->size = piece->size - size - UNIT;
		rest->used = false;
		piece->size = size;
	}
}

void *malloc(size_t size)
{
	struct piece *piece = (struct piece *)heap;

	if (size > sizeof(heap) - UNIT) {
		return NULL;
	}
	size = (size + UNIT - 1) / UNIT * UNIT;
	if (piece->size == 0) {
		piece->size = sizeof(heap) - UNIT;
	}
	for (; piece != NULL; piece = next_of(piece)) {
		if (piece->used) {
			continue;
		}
		join(piece);
		if (piece->size >= size) {
			split(piece, size);
			piece->used = true;
			return piece + 1;
		}
	}
	return NULL;
}

void free(void *memory)
{
	if (memory != NULL) {
		((struct piece *)memory - 1)->used = false;
	}
}

void *calloc(size_t count, size_t size)
{
	size_t total;
	void *memory;

	if (__builtin_mul_overflow(count, size, &total)) {
		return NULL;
	}
	memory = malloc(total);
	if (memory != NULL) {
		memset(memory, 0, total);
	}
	return memory;
}

void *realloc(void *memory, size_t size)
{
	struct piece *piece = (struct piece *)memory - 1;
	void *moved;

	if (memory != NULL && piece->size >= size) {
		return memory;
	}
	moved = malloc(size);
	if (moved != NULL && memory != NULL) {
		memcpy(moved, memory, piece->size);
		free(memory);
	}
	return moved;
}

_Noreturn void abort(void)
{
	__builtin_trap();
}

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

size_t strlen(const char *text)
{
	const char *end = text;

	while (*end != '\0') {
		end++;
	}
	return end - text;
}

int strcmp(const char *left, const char *right)
{
	while (*left != '\0' && *left == *right) {
		left++;
		right++;
	}
	return (uint8_t)*left - (uint8_t)*right;
}
