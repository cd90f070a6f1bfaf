/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Room for the linear memory of a compiled app.
 */

#ifndef ZEPHYR_WASM_SRC_ROOM_H_
#define ZEPHYR_WASM_SRC_ROOM_H_

#include <stddef.h>

#include <zephyr/sys/sys_heap.h>

/** Returns how many bytes a memory can have in a heap of @p heap_size, behind @p head bytes of the
 * same block and beside what is left for other blocks: between @p least and @p most. */
size_t zephyr_wasm_room_in(struct sys_heap *heap, size_t heap_size, size_t head, size_t least,
			   size_t most);

#endif /* ZEPHYR_WASM_SRC_ROOM_H_ */
