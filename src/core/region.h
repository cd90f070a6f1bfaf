/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The regions of apps: region.c, or user/region.c where apps run in user mode.
 */

#ifndef ZEPHYR_WASM_SRC_REGION_H_
#define ZEPHYR_WASM_SRC_REGION_H_

#include "app.h"

/** What an app uses of its memory, in bytes. */
struct zephyr_wasm_region_use {
	/* Now, and the most so far, if the image counts that. */
	size_t now;
	size_t peak;
	/* The part of it that is linear memory. */
	size_t linear_memory;
	/* The bytes that did not fit, if the app ended by that. */
	size_t refused;
};

/** The smallest heap in bytes: with a smaller one, Zephyr's count of free bytes would be below 0.
 * An app that asks for less is out of memory at once. */
#define ZEPHYR_WASM_HEAP_SMALLEST 512

/** Allocates from the system's heap, for threads that are no app's. */
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

/** How much of a heap is in use. The linear memory's numbers are passed as a copy, because in user
 * mode the app can write the original. */
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

/** Initializes the region of an app, of which it uses @p size bytes. */
void zephyr_wasm_region_init(struct zephyr_wasm_app *app, size_t size);

/** Whether @p size bytes at @p memory are in an app's region. Not for apps in user mode. */
bool zephyr_wasm_region_has(const struct zephyr_wasm_app *app, const void *memory, size_t size);

/** Takes memory of an app's region for its file, on the app's thread, before any of its code runs;
 * NULL if there is no room. zephyr_wasm_region_give() gives it back. */
#ifdef CONFIG_WASM_USERSPACE
void *zephyr_wasm_region_take(struct zephyr_wasm_app *app, size_t size, size_t align);
void zephyr_wasm_region_give(struct zephyr_wasm_app *app, void *memory);
#else
static inline void *zephyr_wasm_region_take(struct zephyr_wasm_app *app, size_t size, size_t align)
{
	app->may_fail = true;
	return zephyr_wasm_alloc(size, align);
}

static inline void zephyr_wasm_region_give(struct zephyr_wasm_app *app, void *memory)
{
	ARG_UNUSED(app);
	zephyr_wasm_free(memory);
}
#endif

#ifdef CONFIG_WASM_USERSPACE
struct zephyr_wasm_region_use zephyr_wasm_region_use(struct zephyr_wasm_app *app);
#else
/* Always inline: GCC would not inline it, although the call takes more code than the function. */
static ALWAYS_INLINE struct zephyr_wasm_region_use
zephyr_wasm_region_use(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_region_use use = zephyr_wasm_heap_use(&app->heap, app->linear);

	use.refused = app->refused;
	return use;
}
#endif

#endif /* ZEPHYR_WASM_SRC_REGION_H_ */
