/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The linear memory of an app in its region. It grows where it is: to move it, the engine would
 * need it twice, and asks for twice its size at that. So whatever is free is kept behind it, and
 * what else is allocated takes from the end of that when nothing else is free.
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
	/* What it has, or will have as soon as the growth at hand is done. */
	size_t size;
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	/* The most that was in use of the heap at once. */
	size_t peak;
#endif
#ifdef CONFIG_WASM_GROW_IN_PLACE
	/* Where it is; NULL if there is none yet. */
	void *start;
	/* What is allocated for it, and the room behind it. */
	size_t room;
	/* What the engine believes to be allocated: up to here, it grows without asking for more.
	 */
	size_t believed;
	/* The most that it can grow to. */
	size_t most;
	/* What growth leaves to the engine, which translates code as it is first called. */
	size_t slack;
	/* The next allocation is for it: the engine does not say what it allocates for. */
	bool next;
#elif defined(CONFIG_WASM_VALIDATE)
	/* As above. Here, the linear memory moves as it grows. */
	size_t believed;
	bool next;
#endif
};

/** The part of the heap that is allocated and only kept for the linear memory. */
static inline size_t zephyr_wasm_linear_spare(const struct zephyr_wasm_linear *linear)
{
#ifdef CONFIG_WASM_GROW_IN_PLACE
	return linear->room > linear->size ? linear->room - linear->size : 0;
#else
	ARG_UNUSED(linear);
	return 0;
#endif
}

/** How much of the heap is in use, if the image counts that (SYS_HEAP_RUNTIME_STATS); else 0. */
static inline size_t zephyr_wasm_linear_used(struct sys_heap *heap,
					     struct zephyr_wasm_linear *linear)
{
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	struct sys_memory_stats stats;
	size_t used = 0;

	if (sys_heap_runtime_stats_get(heap, &stats) == 0) {
		used = stats.allocated_bytes -
		       MIN(stats.allocated_bytes, zephyr_wasm_linear_spare(linear));
		/* Zephyr counts the room behind the linear memory, which nobody uses, as in use. */
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

/** Notes that the linear memory is to have @p size bytes, and never more than @p most. False if it
 * cannot, and keeps what it has; else @p may_fail says whether the next allocation is for it. */
bool zephyr_wasm_linear_is(struct zephyr_wasm_linear *linear, struct sys_heap *heap, size_t size,
			   size_t most, bool *may_fail);

/** Whether a block that the engine wants to have @p size bytes is the linear memory, and can stay.
 */
bool zephyr_wasm_linear_stays(struct zephyr_wasm_linear *linear, const void *memory, size_t size);

/** How many bytes a block really has that the engine believes to have @p size. The linear memory
 * may have fewer than the engine asked for, and no more may be copied as it moves. */
static inline size_t zephyr_wasm_linear_has(const struct zephyr_wasm_linear *linear,
					    const void *memory, size_t size)
{
	return memory == linear->start ? MIN(size, linear->room) : size;
}

/** Allocates from the heap, which has @p heap_size bytes in all; NULL if it does not fit. */
void *zephyr_wasm_linear_alloc(struct sys_heap *heap, size_t heap_size,
			       struct zephyr_wasm_linear *linear, size_t size, size_t align);

/** A block is about to be freed. */
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
	/* What the engine has asked for before may be enough, and then it asks for nothing. */
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
