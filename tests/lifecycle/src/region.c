/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an app leaves in its memory.
 */

#include <zephyr/kernel.h>

#include "common.h"
#include "core/app.h"

ZEPHYR_WASM_IMAGE_DECLARE(fills);
ZEPHYR_WASM_IMAGE_DECLARE(sleeps);

/* How many of the bytes that the app leaves are in a region. */
static size_t left_in(const struct zephyr_wasm_app *app)
{
	/* Zephyr's heap begins with its own data. */
	const uint8_t *region = (const uint8_t *)app->heap.heap;
	size_t count = 0;

	for (size_t i = 0; i < CONFIG_WASM_APP_HEAP_SIZE; i++) {
		count += region[i] == 0xa5;
	}
	return count;
}

ZTEST(lifecycle, test_an_app_leaves_nothing_to_the_next)
{
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_app *next;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(fills), &app));
	zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_true(status.linear_memory > CONFIG_WASM_APP_HEAP_SIZE / 4);
	zassert_ok(zephyr_wasm_release(app));
	next = begin(ZEPHYR_WASM_IMAGE(sleeps));
	zassert_equal_ptr(next, app, "another slot");
	/* What is left are bytes of pointers and sizes. */
	zassert_true(left_in(next) < 16, "%zu bytes are left", left_in(next));
	zassert_ok(zephyr_wasm_kill(next));
	finish(next, ZEPHYR_WASM_END_KILLED);
}
