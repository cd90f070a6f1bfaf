/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The linear memory of an app in its region. It grows in place: to move it, the engine would need
 * it twice at once, and would allocate twice its size for the new one. So all free bytes of the
 * region are reserved after the linear memory. Other allocations take them from their end when
 * nothing else is free.
 */

#ifndef ZEPHYR_WASM_SRC_LINEAR_H_
#define ZEPHYR_WASM_SRC_LINEAR_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/sys/sys_heap.h>
#include <zephyr/sys/util.h>

/** The linear memory of one app. All sizes are in bytes. */
struct zephyr_wasm_linear {
	/* Its size now, or once the current growth is done. */
	size_t size;
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	/* The most bytes of the heap that were in use at once. */
	size_t peak;
#endif
#ifdef CONFIG_WASM_GROW_IN_PLACE
	/* Its address; NULL if there is none yet. */
	void *start;
	/* The size of its block, with the free bytes after it. */
	size_t room;
	/* The size that the engine believes to be allocated: up to this, it grows the linear memory
	 * without an allocation. */
	size_t believed;
	/* The most that it can grow to. */
	size_t most;
	/* The bytes that growth leaves to the engine, which translates code when it is first
	 * called. */
	size_t slack;
	/* The next allocation is for it. The engine does not say what an allocation is for. */
	bool next;
#elif defined(CONFIG_WASM_VALIDATE)
	/* As above. Here, the linear memory moves as it grows. */
	size_t believed;
	bool next;
#endif
};

/** The bytes of the heap that are allocated, but only reserved for the linear memory to grow. */
static inline size_t zephyr_wasm_linear_spare(const struct zephyr_wasm_linear *linear)
{
#ifdef CONFIG_WASM_GROW_IN_PLACE
	return linear->room > linear->size ? linear->room - linear->size : 0;
#else
	ARG_UNUSED(linear);
	return 0;
#endif
}

/** How many bytes of a block may be written, which was allocated with @p size bytes: the block of
 * the linear memory has more. */
static inline size_t zephyr_wasm_linear_block(const struct zephyr_wasm_linear *linear,
					      const void *memory, size_t size)
{
#ifdef CONFIG_WASM_GROW_IN_PLACE
	return memory == linear->start ? linear->room : size;
#else
	ARG_UNUSED(linear);
	ARG_UNUSED(memory);
	return size;
#endif
}

/** The bytes of the heap that are in use, if the image counts that (SYS_HEAP_RUNTIME_STATS); else
 * 0.
 */
static inline size_t zephyr_wasm_linear_used(struct sys_heap *heap,
					     struct zephyr_wasm_linear *linear)
{
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	struct sys_memory_stats stats;
	size_t used = 0;

	if (sys_heap_runtime_stats_get(heap, &stats) == 0) {
		used = stats.allocated_bytes -
		       MIN(stats.allocated_bytes, zephyr_wasm_linear_spare(linear));
		/* Zephyr counts the reserved bytes as in use. */
		linear->peak = IS_ENABLED(CONFIG_WASM_GROW_IN_PLACE) ? MAX(linear->peak, used)
								     : stats.max_allocated_bytes;
	}
	return used;
#else
	ARG_UNUSED(heap);
	ARG_UNUSED(linear);
	return 0;
#endif
}

#ifdef CONFIG_WASM_GROW_IN_PLACE

/** Notes that the linear memory is to have @p size bytes, and never more than @p most. Returns
 * false if it cannot, and keeps its size then. Otherwise @p may_fail says whether the next
 * allocation is for it. */
bool zephyr_wasm_linear_is(struct zephyr_wasm_linear *linear, struct sys_heap *heap, size_t size,
			   size_t most, bool *may_fail);

/** Whether a block that the engine wants to resize to @p size bytes is the linear memory, and can
 * stay where it is. */
bool zephyr_wasm_linear_stays(struct zephyr_wasm_linear *linear, const void *memory, size_t size);

/** The real size of a block that the engine believes to have @p size bytes. The linear memory may
 * have fewer, and no more may be copied when it moves. */
static inline size_t zephyr_wasm_linear_has(const struct zephyr_wasm_linear *linear,
					    const void *memory, size_t size)
{
	return memory == linear->start ? MIN(size, linear->room) : size;
}

/** Allocates from the heap, which has @p heap_size bytes in all; NULL if there is not enough. */
void *zephyr_wasm_linear_alloc(struct sys_heap *heap, size_t heap_size,
			       struct zephyr_wasm_linear *linear, size_t size, size_t align);

/** Notes that a block is about to be freed. */
static inline void zephyr_wasm_linear_free(struct zephyr_wasm_linear *linear, const void *memory)
{
	if (memory == linear->start) {
		linear->start = NULL;
		linear->room = 0;
		linear->believed = 0;
	}
}

#else

static inline bool zephyr_wasm_linear_is(struct zephyr_wasm_linear *linear, struct sys_heap *heap,
					 size_t size, size_t most, bool *may_fail)
{
	ARG_UNUSED(heap);
	ARG_UNUSED(most);
#ifdef CONFIG_WASM_VALIDATE
	/* If what the engine has allocated before is enough, it allocates nothing. */
	linear->next = size > linear->believed;
	*may_fail = linear->next;
#else
	*may_fail = size > linear->size;
#endif
	linear->size = size;
	return true;
}

static inline bool zephyr_wasm_linear_stays(struct zephyr_wasm_linear *linear, const void *memory,
					    size_t size)
{
	ARG_UNUSED(linear);
	ARG_UNUSED(memory);
	ARG_UNUSED(size);
	return false;
}

static inline size_t zephyr_wasm_linear_has(const struct zephyr_wasm_linear *linear,
					    const void *memory, size_t size)
{
	ARG_UNUSED(linear);
	ARG_UNUSED(memory);
	return size;
}

static inline void *zephyr_wasm_linear_alloc(struct sys_heap *heap, size_t heap_size,
					     struct zephyr_wasm_linear *linear, size_t size,
					     size_t align)
{
	void *memory = sys_heap_aligned_alloc(heap, align, size);

	ARG_UNUSED(heap_size);
	ARG_UNUSED(linear);
#ifdef CONFIG_WASM_VALIDATE
	if (linear->next && memory != NULL) {
		linear->believed = size;
	}
	linear->next = false;
#endif
	return memory;
}

static inline void zephyr_wasm_linear_free(struct zephyr_wasm_linear *linear, const void *memory)
{
	ARG_UNUSED(linear);
	ARG_UNUSED(memory);
}

#endif

#endif /* ZEPHYR_WASM_SRC_LINEAR_H_ */
