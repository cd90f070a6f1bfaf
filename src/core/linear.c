/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Room for the linear memory of an app to grow into. All of this runs with the rights of the app's
 * thread, on the app's own memory.
 */

#include "linear.h"

/* The unit of Zephyr's heaps, and the size of the header before each block. */
#define UNIT              8
#define HEADER(heap_size) (sizeof(void *) > 4 || (heap_size) / UNIT > INT16_MAX ? 8 : 4)

/* If a block with all the room is not free, one with 1/ROOM_STEP less room is tried, and so on. */
#define ROOM_STEP 16

/* The part of an app's memory that is kept free of growth: 1/SLACK_PART of it, but at most
 * SLACK_MOST bytes. */
#define SLACK_PART 8
#define SLACK_MOST 32768

bool zephyr_wasm_linear_is(struct zephyr_wasm_linear *linear, struct sys_heap *heap, size_t size,
			   size_t most, bool *may_fail)
{
	/* The engine would use these bytes without an allocation. */
	if (size > linear->room && size <= linear->believed) {
		return false;
	}
	/* Growth has to leave `slack` bytes, unless the linear memory has all the room that it can
	 * ever need: then the rest of the heap is free anyway. */
	if (size > linear->size && size <= linear->room && linear->room < linear->most &&
	    linear->room - size < linear->slack) {
		return false;
	}
	linear->size = size;
	linear->most = most;
	linear->next = size > linear->room;
	*may_fail = linear->next;
	if (!linear->next) {
		(void)zephyr_wasm_linear_used(heap, linear);
	}
	return true;
}

bool zephyr_wasm_linear_stays(struct zephyr_wasm_linear *linear, const void *memory, size_t size)
{
	if (memory != linear->start || linear->size > linear->room) {
		return false;
	}
	/* The engine asks for twice the current size, but will use no more than
	 * zephyr_wasm_linear_is() allows. */
	linear->believed = size;
	return true;
}

/* Allocates the linear memory, with all the room that is free. */
static void *with_room(struct sys_heap *heap, size_t heap_size, struct zephyr_wasm_linear *linear,
		       size_t size)
{
	size_t room = MAX(linear->size, MIN(linear->most, heap_size));
	void *memory;

	linear->next = false;
	linear->slack = MIN(heap_size / SLACK_PART, SLACK_MOST);
	while ((memory = sys_heap_alloc(heap, room)) == NULL) {
		if (room == linear->size) {
			return NULL;
		}
		room = MAX(linear->size, room - room / ROOM_STEP - 1);
	}
	linear->start = memory;
	linear->room = room;
	linear->believed = size;
	return memory;
}

/* Takes @p size bytes from the end of the room after the linear memory, or as many as there are. */
static bool take_room(struct sys_heap *heap, struct zephyr_wasm_linear *linear, size_t size)
{
	size_t spare = zephyr_wasm_linear_spare(linear);

	if (spare == 0) {
		return false;
	}
	/* Fewer bytes may be enough, together with free bytes behind them. */
	linear->room -= MIN(spare, size);
	/* The block stays where it is, because it becomes smaller. */
	(void)sys_heap_realloc(heap, linear->start, linear->room);
	return true;
}

/* Allocates anything but the linear memory. Takes from the room no more than is needed, because
 * gaps between blocks would be of no use. It may have to take more than once: Zephyr's heap checks
 * only a few free blocks of about the right size, and is sure to find one that is twice as large.
 */
static void *beside_it(struct sys_heap *heap, size_t heap_size, struct zephyr_wasm_linear *linear,
		       size_t size, size_t align)
{
	size_t room = linear->room;
	void *memory;

	while ((memory = sys_heap_aligned_alloc(heap, align, size)) == NULL && size < heap_size &&
	       take_room(heap, linear, ROUND_UP(size + HEADER(heap_size), UNIT))) {
	}
	if (memory == NULL && room > linear->room) {
		/* The bytes that were taken in vain are still free behind the linear memory. */
		linear->room = room;
		(void)sys_heap_realloc(heap, linear->start, room);
	}
	return memory;
}

void *zephyr_wasm_linear_alloc(struct sys_heap *heap, size_t heap_size,
			       struct zephyr_wasm_linear *linear, size_t size, size_t align)
{
	void *memory;

	if (linear->next) {
		memory = with_room(heap, heap_size, linear, size);
	} else {
		memory = beside_it(heap, heap_size, linear, size, align);
	}
	(void)zephyr_wasm_linear_used(heap, linear);
	return memory;
}
