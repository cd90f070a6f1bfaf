/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finds out how large the linear memory of a compiled app can become. It never moves, so all its
 * room is reserved at the start.
 */

#include <zephyr/sys/util.h>

#include "room.h"

/* The part of an app's region that is kept free for everything else: 1/SLACK_PART of it, but at
 * most SLACK_MOST bytes. */
#define SLACK_PART 8
#define SLACK_MOST 32768

/* If a block with that room is not free, one with 1/ROOM_STEP less room is tried, and so on. */
#define ROOM_STEP 16

size_t zephyr_wasm_room_in(struct sys_heap *heap, size_t heap_size, size_t head, size_t least,
			   size_t most)
{
	size_t beside = head + MIN(heap_size / SLACK_PART, SLACK_MOST);
	size_t room = MIN(most, heap_size);
	void *memory;

	while (room > least && (memory = sys_heap_alloc(heap, beside + room)) == NULL) {
		room -= room / ROOM_STEP + 1;
	}
	if (room <= least) {
		return least;
	}
	sys_heap_free(heap, memory);
	return room;
}
