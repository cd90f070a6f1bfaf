/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The memory of apps: region.c, or user/region.c where apps run in user mode.
 */

#ifndef ZEPHYR_WASM_SRC_REGION_H_
#define ZEPHYR_WASM_SRC_REGION_H_

#include "app.h"

/** What an app uses of its memory, in bytes. */
struct zephyr_wasm_region_use {
	/* Now, and at most so far, if the image counts that. */
	size_t now;
	size_t peak;
	/* Of that, what the app itself sees. */
	size_t linear_memory;
	/* What did not fit, if that was its end. */
	size_t refused;
};

/** The smallest heap in bytes: of a smaller one, Zephyr's count of free bytes would be below 0. An
 * app that asks for less is out of memory at once. */
#define ZEPHYR_WASM_HEAP_SMALLEST 512

/** Allocates for threads that are no app's, from the system's heap. */
static inline void *zephyr_wasm_alloc_outside(size_t size, size_t align)
{
#if K_HEAP_MEM_POOL_SIZE > 0
	return k_aligned_alloc(MAX(align, sizeof(void *)), size);
#else
	ARG_UNUSED(size);
	ARG_UNUSED(align);
	return NULL;
#endif
}

static inline void zephyr_wasm_free_outside(void *memory)
{
#if K_HEAP_MEM_POOL_SIZE > 0
	k_free(memory);
#else
	ARG_UNUSED(memory);
#endif
}

/** How much of a heap is in use. The linear memory is passed as a copy, as in user mode it is the
 * app's to write. */
static inline struct zephyr_wasm_region_use zephyr_wasm_heap_use(struct sys_heap *heap,
								 struct zephyr_wasm_linear linear)
{
	struct zephyr_wasm_region_use use = {0};

	use.now = zephyr_wasm_linear_used(heap, &linear);
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	use.peak = linear.peak;
#endif
	use.linear_memory = linear.size;
	return use;
}

/** Gives an app its empty memory, of which it uses this much. */
void zephyr_wasm_region_init(struct zephyr_wasm_app *app, size_t size);

/** Whether so many bytes at this address are in an app's memory. Not for apps in user mode. */
bool zephyr_wasm_region_has(const struct zephyr_wasm_app *app, const void *memory, size_t size);

#ifdef CONFIG_WASM_USERSPACE
struct zephyr_wasm_region_use zephyr_wasm_region_use(struct zephyr_wasm_app *app);
#else
/* Always inline: GCC would not, although the call is larger than what is in it. */
static ALWAYS_INLINE struct zephyr_wasm_region_use
zephyr_wasm_region_use(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_region_use use = zephyr_wasm_heap_use(&app->heap, app->linear);

	use.refused = app->refused;
	return use;
}
#endif

#endif /* ZEPHYR_WASM_SRC_REGION_H_ */
