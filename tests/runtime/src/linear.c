/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A linear memory that moves, after the engine was told that it has more than there is.
 */

#include "../../../src/core/linear.h"

#include "common.h"

#define HEAP_SIZE 16384

static uint8_t memory[HEAP_SIZE] __aligned(8);
static struct sys_heap heap;
static struct zephyr_wasm_linear linear;

static void *alloc(size_t size)
{
	return zephyr_wasm_linear_alloc(&heap, HEAP_SIZE, &linear, size, 1);
}

static bool is(size_t size, bool *may_fail)
{
	return zephyr_wasm_linear_is(&linear, &heap, size, SIZE_MAX, may_fail);
}

ZTEST(runtime, test_no_more_is_copied_than_there_is)
{
	const uint8_t *const end = &memory[HEAP_SIZE];
	uint8_t *data;
	uint8_t *start;
	uint8_t *moved;
	bool may_fail;
	size_t there;

	linear = (struct zephyr_wasm_linear){0};
	sys_heap_init(&heap, memory, sizeof(memory));
	/* What the engine needs until an app is loaded, below its linear memory. */
	data = alloc(9000);
	zassert_not_null(data);
	zassert_true(is(3800, &may_fail) && may_fail);
	start = alloc(3800);
	zassert_true(start > data);
	/* The engine is told that it has twice what it has: more than up to the end of all. */
	zassert_true(is(4000, &may_fail) && !may_fail);
	zassert_true(zephyr_wasm_linear_stays(&linear, start, 7600));
	zassert_true(start + 7600 > end);
	zephyr_wasm_linear_free(&linear, data);
	sys_heap_free(&heap, data);
	/* It grows to more than that, where there is the room by now. */
	zassert_true(is(7601, &may_fail) && may_fail);
	zassert_false(zephyr_wasm_linear_stays(&linear, start, 15200));
	there = zephyr_wasm_linear_has(&linear, start, 7600);
	zassert_true(there >= 4000 && start + there <= end, "%zu bytes", there);
	moved = alloc(15200);
	zassert_not_null(moved);
	zassert_true(moved + 7601 <= start);
	zassert_equal(zephyr_wasm_linear_has(&linear, moved, 7600), 7600);
	zephyr_wasm_linear_free(&linear, start);
	sys_heap_free(&heap, start);
	/* What it has by now is not what was freed. */
	zassert_equal_ptr(linear.start, moved);
}
