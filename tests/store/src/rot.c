/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flash that loses bits.
 */

#include <string.h>

#include <zephyr/sys/crc.h>

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

/* A header as the store writes it, which says what it likes. */
static void lie(uint32_t at, uint32_t size, uint32_t sequence)
{
	uint32_t header[12] = {0x7761736d, size, sequence};

	header[11] = crc32_ieee((const uint8_t *)header, sizeof(header) - sizeof(header[11]));
	memcpy(&flash_bytes[at], header, sizeof(header));
}

ZTEST(store, test_headers_that_lie_cost_nothing)
{
	static const uint32_t sizes[] = {
		0,
		1,
		767,
		768,
		769,
		1024,
		FLASH_SIZE - 256,
		FLASH_SIZE,
		UINT32_MAX,
		5 * 1024,
		20000,
		INT32_MAX,
		UINT32_MAX - 255,
	};

	for (uint32_t round = 0; round < 200; round++) {
		wipe();
		for (uint32_t block = 0; block < FLASH_SIZE / 1024; block += 1 + round % 3) {
			uint32_t pick = round * 31 + block * 7;

			lie(block * 1024, sizes[pick % ARRAY_SIZE(sizes)],
			    pick % 5 ? pick : UINT32_MAX);
			/* With marks, or something like them. */
			if (pick % 2) {
				memset(&flash_bytes[block * 1024 + 64 + pick % 4 * 32], 0x11, 32);
			}
		}
		reboot();
		zassert_ok(install(&steady_1), "round %u: %s", round, message);
		zassert_equal(version_of("steady"), 10, "round %u", round);
		reboot();
		zassert_equal(version_of("steady"), 10, "round %u", round);
	}
}
