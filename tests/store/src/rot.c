/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flash that loses bits.
 */

#include <string.h>

#include "store/entry.h"

#include "common.h"

static uint8_t before[FLASH_SIZE];

ZTEST(store, test_a_bit_that_is_lost_costs_its_app_at_most)
{
	struct zephyr_wasm_store_info info;
	size_t start;
	int lost = 0;

	run(&other_1);
	run(&steady_1);
	reboot();
	memcpy(before, flash_bytes, sizeof(before));
	zassert_equal(version_of("steady"), 10);
	start = entry_current("steady")->offset;
	for (size_t at = start; at < start + 1400; at += 3) {
		int bit = at % 8;
		bool is_damaged = false;

		flash_bytes[at] ^= BIT(bit);
		reboot();
		zassert_equal(version_of("other"), 1, "at %u", (unsigned int)at);
		if (version_of("steady") != 10) {
			lost++;
		}
		for (size_t i = 0; zephyr_wasm_store_info(i, &info) == 0; i++) {
			is_damaged |= info.state == ZEPHYR_WASM_STORE_DAMAGED;
		}
		/* What is said to be whole is whole. */
		zassert_true(version_of("steady") != 10 || !is_damaged);
		if (at % 32 == 0 && version_of("steady") != 10) {
			zassert_ok(install(&steady_1), "at %u: %s", (unsigned int)at, message);
			zassert_equal(version_of("steady"), 10);
		}
		memcpy(flash_bytes, before, sizeof(before));
		reboot();
	}
	/* The header, the marks and the file are most of it. */
	zassert_true(lost > 300, "%d", lost);
}

ZTEST(store, test_the_version_before_a_damaged_one_runs)
{
	run(&steady_1);
	run(&steady_2);
	zassert_ok(zephyr_wasm_store_confirm("steady", message));
	flash_bytes[entry_current("steady")->offset + ENTRY_DATA + 300] ^= 4;
	reboot();
	zassert_equal(zephyr_wasm_start_all(), 2);
	zassert_equal(version_of("steady"), 10);
	zassert_true(runs("steady"));
	/* And the other may come again. */
	run(&steady_2);
	zassert_equal(version_of("steady"), 11);
}

ZTEST(store, test_a_partition_of_anything_is_an_empty_store)
{
	struct zephyr_wasm_store_info info;

	for (size_t i = 0; i < FLASH_SIZE; i++) {
		flash_bytes[i] = (uint8_t)(i * 7 + (i >> 8));
	}
	zassert_equal(zephyr_wasm_store_info(0, &info), -ENOENT);
	run(&steady_1);
	reboot();
	zassert_equal(version_of("steady"), 10);
}
