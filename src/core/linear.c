/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Room for the linear memory of an app to grow into. All of it runs with the rights of the app's
 * thread, over what is the app's.
 */

#include "linear.h"

/* What Zephyr's heaps count in, and what a block has before its bytes. */
#define UNIT              8
#define HEADER(heap_size) (sizeof(void *) > 4 || (heap_size) / UNIT > INT16_MAX ? 8 : 4)

/* One of so many parts is left away when the room that was asked for is not free in one piece. */
#define ROOM_STEP 16

/* One of so many parts of an app's memory, and no more than this, is not for growth. */
#define SLACK_PART 8
#define SLACK_MOST 32768

bool zephyr_wasm_linear_is(struct zephyr_wasm_linear *linear, struct sys_heap *heap, size_t size,
			   size_t most, bool *may_fail)
{
	/* The engine would use it without asking for it. */
	if (size > linear->room && size <= linear->believed) {
		return false;
	}
	/* What is behind all that it can have is left anyway. */
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
	/* It asks for twice what it has, and will use no more than zephyr_wasm_linear_is() allows.
	 */
	linear->believed = size;
	return true;
}

/* The linear memory itself, with all the room that there is. */
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

/* Takes so many bytes from the room behind the linear memory, from its end. */
static bool take_room(struct sys_heap *heap, struct zephyr_wasm_linear *linear, size_t size)
{
	size_t spare = zephyr_wasm_linear_spare(linear);

	if (spare == 0) {
		return false;
	}
	/* Less may be enough, with what is free behind it. */
	linear->room -= MIN(spare, size);
	/* Stays where it is, as it becomes smaller. */
	(void)sys_heap_realloc(heap, linear->start, linear->room);
	return true;
}

/* What is no linear memory. As little is taken as it needs, or else what is left between blocks
 * would be of use to nobody; but heaps look at few blocks of about its size, and are sure to find
 * one that is twice as large. */
static void *beside_it(struct sys_heap *heap, size_t heap_size, struct zephyr_wasm_linear *linear,
		       size_t size, size_t align)
{
	size_t room = linear->room;
	void *memory;

	while ((memory = sys_heap_aligned_alloc(heap, align, size)) == NULL && size < heap_size &&
	       take_room(heap, linear, ROUND_UP(size + HEADER(heap_size), UNIT))) {
	}
	if (memory == NULL && room > linear->room) {
		/* What was taken in vain is behind it still. */
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
