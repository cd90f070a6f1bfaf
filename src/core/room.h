/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How large the linear memory of a compiled app can become.
 */

#ifndef ZEPHYR_WASM_SRC_ROOM_H_
#define ZEPHYR_WASM_SRC_ROOM_H_

#include <stddef.h>

#include <zephyr/sys/sys_heap.h>

/** Returns how many bytes a linear memory can have in a heap of @p heap_size bytes: at least @p
 * least, and at most @p most. The memory is in one block with @p head other bytes before it. Some
 * bytes of the heap are left for other blocks. */
size_t zephyr_wasm_room_in(struct sys_heap *heap, size_t heap_size, size_t head, size_t least,
			   size_t most);

#endif /* ZEPHYR_WASM_SRC_ROOM_H_ */
