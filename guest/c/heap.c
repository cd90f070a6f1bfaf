/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The heap of an app in C: pieces side by side, of which the first that fits is taken. With
 * HEAP_SIZE, it is static. Without, it begins behind the program's data and grows with its memory,
 * by just what is asked for if the memory's pages are as small as that (--page-size=1): the
 * malloc() of wasi-libc believes that pages have 64 KiB.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A piece of the heap, used or free, with its memory behind it. */
struct piece {
	/* The bytes of its memory. */
	uint32_t size;
	bool used;
};

#define UNIT sizeof(struct piece)

#define ROUND_UP(number, unit) (((number) + (unit) - 1) / (unit) * (unit))

#ifdef HEAP_SIZE

static _Alignas(8) uint8_t heap[HEAP_SIZE / UNIT * UNIT];
static uint8_t *const start = heap;
static uint8_t *end = heap;

/* Makes room for a piece of that size behind the last one. */
static bool grow(uint32_t size)
{
	(void)size;
	if (end != heap) {
		return false;
	}
	end = heap + sizeof(heap);
	return true;
}

#else

/* Of the linker: the end of the program's data, and, as a number, the size of a page. */
extern uint8_t __heap_base;
extern uint8_t __wasm_first_page_end __attribute__((weak));

#define PAGE_SIZE (&__wasm_first_page_end == NULL ? 65536 : (uint32_t)&__wasm_first_page_end)

static uint8_t *start;
static uint8_t *end;

static bool grow(uint32_t size)
{
	uint32_t wanted;
	uint32_t pages;

	if (start == NULL) {
		start = (uint8_t *)ROUND_UP((uintptr_t)&__heap_base, UNIT);
		end = start;
	}
	if (__builtin_add_overflow((uint32_t)end, size + UNIT, &wanted) ||
	    wanted > UINT32_MAX - PAGE_SIZE) {
		return false;
	}
	pages = ROUND_UP(wanted, PAGE_SIZE) / PAGE_SIZE;
	if (pages > __builtin_wasm_memory_size(0) &&
	    __builtin_wasm_memory_grow(0, pages - __builtin_wasm_memory_size(0)) == (size_t)-1) {
		return false;
	}
	/* What is left of the last page is of use, too. */
	wanted = __builtin_wasm_memory_size(0) * PAGE_SIZE / UNIT * UNIT;
	((struct piece *)end)->size = wanted - (uint32_t)end - UNIT;
	((struct piece *)end)->used = false;
	end = (uint8_t *)wanted;
	return true;
}

#endif

static struct piece *next_of(struct piece *piece)
{
	uint8_t *next = (uint8_t *)(piece + 1) + piece->size;

	return next < end ? (struct piece *)next : NULL;
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

/* The first free piece of that size; the last one, if it is free, grows. */
static struct piece *find(uint32_t size)
{
	struct piece *last = NULL;

	for (struct piece *piece = start < end ? (struct piece *)start : NULL; piece != NULL;
	     piece = next_of(piece)) {
		last = NULL;
		if (piece->used) {
			continue;
		}
		join(piece);
		if (piece->size >= size) {
			return piece;
		}
		last = piece;
	}
	if (last != NULL && size < last->size + 2 * UNIT) {
		/* A new piece is not smaller than its header. */
		size = last->size + 2 * UNIT;
	}
	if (!grow(last == NULL ? size : size - last->size - UNIT)) {
		return NULL;
	}
#ifdef HEAP_SIZE
	last = (struct piece *)start;
	last->size = sizeof(heap) - UNIT;
	last->used = false;
#else
	if (last == NULL) {
		struct piece *piece = (struct piece *)start;

		for (; piece != NULL; piece = next_of(piece)) {
			last = piece;
		}
	}
#endif
	join(last);
	return last->size >= size ? last : NULL;
}

void *malloc(size_t size)
{
	struct piece *piece;

	if (size > INT32_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	size = ROUND_UP(size == 0 ? 1 : size, UNIT);
	piece = find(size);
	if (piece == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	split(piece, size);
	piece->used = true;
	return piece + 1;
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
		errno = ENOMEM;
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
	struct piece *next;
	void *moved;

	if (memory == NULL) {
		return malloc(size);
	}
	if (size > INT32_MAX) {
		errno = ENOMEM;
		return NULL;
	}
	next = next_of(piece);
	if (piece->size < size && next != NULL && !next->used) {
		join(piece);
	}
	if (piece->size >= size) {
		split(piece, ROUND_UP(size == 0 ? 1 : size, UNIT));
		return memory;
	}
	moved = malloc(size);
	if (moved != NULL) {
		memcpy(moved, memory, piece->size);
		free(memory);
	}
	return moved;
}

void *aligned_alloc(size_t align, size_t size)
{
	uint8_t *memory;
	uint8_t *aligned;

	if (align <= UNIT) {
		return malloc(size);
	}
	if ((align & (align - 1)) != 0 || align > INT32_MAX / 2 || size > INT32_MAX / 2) {
		errno = EINVAL;
		return NULL;
	}
	size = ROUND_UP(size == 0 ? 1 : size, UNIT);
	memory = malloc(size + align + UNIT);
	if (memory == NULL) {
		return NULL;
	}
	aligned = (uint8_t *)ROUND_UP((uintptr_t)memory, align);
	if (aligned != memory) {
		/* What is before it becomes a piece of its own, and so has at least a header. */
		struct piece *before = (struct piece *)memory - 1;
		struct piece *piece;

		if (aligned < memory + UNIT) {
			aligned += align;
		}
		piece = (struct piece *)aligned - 1;
		piece->size = before->size - (uint32_t)(aligned - memory);
		piece->used = true;
		before->size = (uint32_t)((uint8_t *)piece - memory);
		before->used = false;
	}
	split((struct piece *)aligned - 1, size);
	return aligned;
}

int posix_memalign(void **memory, size_t align, size_t size)
{
	*memory = aligned_alloc(align, size);
	return *memory == NULL ? ENOMEM : 0;
}

void *memalign(size_t align, size_t size)
{
	return aligned_alloc(align, size);
}

size_t malloc_usable_size(void *memory)
{
	return memory == NULL ? 0 : ((struct piece *)memory - 1)->size;
}
