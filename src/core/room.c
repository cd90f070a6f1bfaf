/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Room for the linear memory of a compiled app, which never moves.
 */

#include <zephyr/sys/util.h>

#include "room.h"

/* One of so many parts of an app's memory, and no more than this, is left for all else. */
#define SLACK_PART 8
#define SLACK_MOST 32768

/* One of so many parts is left away when the room that was tried is not free in one piece. */
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
