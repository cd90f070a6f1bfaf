/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The region of each app, and Rust's allocator, which takes memory from it.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/sys_heap.h>

#include "room.h"
#include "give.h"
#include "region.h"
#include "slots.h"
#include "thread.h"

/* The regions, in the order of the slots. */
static uint8_t regions[CONFIG_WASM_MAX_APPS][CONFIG_WASM_APP_HEAP_SIZE] __aligned(8);

/* For each slot, how many bytes of its region an app may have written, from its start on. Behind
 * them, there is nothing but zeros, and headers of the heap. */
static size_t written[CONFIG_WASM_MAX_APPS];

void zephyr_wasm_region_init(struct zephyr_wasm_app *app, size_t size)
{
	size_t slot = zephyr_wasm_slot_of(app);
	uint8_t *region = regions[slot];

	/* A manifest that asks for more than the image has is refused later, on the app's thread.
	 */
	if (size == 0 || size > CONFIG_WASM_APP_HEAP_SIZE) {
		size = CONFIG_WASM_APP_HEAP_SIZE;
	}
	app->heap_size = MAX(size, ZEPHYR_WASM_HEAP_SMALLEST);
	app->linear = (struct zephyr_wasm_linear){0};
	app->refused = 0;
	/* Cleared, so that the engine never reads data of the app before, even if it reads memory
	 * that it has not written. */
	(void)memset(region, 0, written[slot]);
	written[slot] = 0;
	sys_heap_init(&app->heap, region, app->heap_size);
}

/* Notes that an app may write a block of its region. */
static void note(const struct zephyr_wasm_app *app, const uint8_t *memory, size_t size)
{
	size_t slot = zephyr_wasm_slot_of(app);
	size_t end = (size_t)(memory - regions[slot]) +
		     zephyr_wasm_linear_block(&app->linear, memory, size);

	written[slot] = MAX(written[slot], end);
}

void *zephyr_wasm_alloc(size_t size, size_t align)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();
	void *memory;

	if (app == NULL) {
		return zephyr_wasm_alloc_outside(size, align);
	}
	memory = zephyr_wasm_linear_alloc(&app->heap, app->heap_size, &app->linear, size, align);
	if (memory == NULL && !app->may_fail) {
		app->refused = size;
		zephyr_wasm_end_current(ZEPHYR_WASM_END_OUT_OF_MEMORY);
	}
	app->may_fail = false;
	if (memory != NULL) {
		note(app, memory, size);
	}
	return memory;
}

void zephyr_wasm_free(void *memory)
{
	size_t offset = (uintptr_t)memory - (uintptr_t)regions;

	if (offset < sizeof(regions)) {
		struct zephyr_wasm_app *app = &zephyr_wasm_apps[offset / CONFIG_WASM_APP_HEAP_SIZE];

		zephyr_wasm_linear_free(&app->linear, memory);
		sys_heap_free(&app->heap, memory);
		return;
	}
	zephyr_wasm_free_outside(memory);
}

bool zephyr_wasm_region_has(const struct zephyr_wasm_app *app, const void *memory, size_t size)
{
	size_t offset = (uintptr_t)memory - (uintptr_t)regions[zephyr_wasm_slot_of(app)];

	return offset <= app->heap_size && size <= app->heap_size - offset;
}

union given **zephyr_wasm_given_list(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	return app == NULL ? NULL : &app->given;
}

bool zephyr_wasm_memory_is(size_t size, size_t most)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	return app == NULL ||
	       zephyr_wasm_linear_is(&app->linear, &app->heap, size, most, &app->may_fail);
}

#ifdef CONFIG_WASM_COMPILED
size_t zephyr_wasm_compiled_room(size_t head, size_t least, size_t most)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	return app == NULL ? most
			   : zephyr_wasm_room_in(&app->heap, app->heap_size, head, least, most);
}

void zephyr_wasm_compiled_memory_is(size_t size)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		app->linear.size = size;
	}
}
#endif

#ifdef CONFIG_WASM_VALIDATE
bool zephyr_wasm_memory_stays(const void *memory, size_t size)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	return app != NULL && zephyr_wasm_linear_stays(&app->linear, memory, size);
}

size_t zephyr_wasm_memory_has(const void *memory, size_t size)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	return app == NULL ? size : zephyr_wasm_linear_has(&app->linear, memory, size);
}
#endif

void zephyr_wasm_next_allocation_may_fail(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		app->may_fail = true;
	}
}
