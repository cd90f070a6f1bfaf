/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An image that was built without it would pass all the same: so it is asked what it knows of
 * memory.
 */

#include <zephyr/ztest.h>

#include <sanitizer/asan_interface.h>

static volatile uint8_t three[3];

ZTEST(asan, test_memory_is_watched)
{
	volatile uint8_t on_stack[5] = {0};

	zassert_false(__asan_address_is_poisoned(&three[2]));
	zassert_true(__asan_address_is_poisoned(&three[3]), "globals");
	zassert_false(__asan_address_is_poisoned(&on_stack[4]));
	zassert_true(__asan_address_is_poisoned(&on_stack[5]), "the stack");
}

ZTEST_SUITE(asan, NULL, NULL, NULL, NULL, NULL);
