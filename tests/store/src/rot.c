/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flash that loses bits.
 */

#include <string.h>

#include "store/store.h"

#include "common.h"

static uint8_t before[FLASH_SIZE];

/* How many of the two apps are to run; nothing else is. */
static int whole(void)
{
	struct zephyr_wasm_store_info info;
	int found = (version_of("other") == 1) + (version_of("steady") == 10);
	int current = 0;

	for (size_t i = 0; zephyr_wasm_store_info(i, &info) == 0; i++) {
		current += info.state == ZEPHYR_WASM_STORE_CURRENT ||
			   info.state == ZEPHYR_WASM_STORE_ON_TRIAL;
	}
	zassert_equal(found, current);
	return found;
}

/* Loses a bit of each third byte, and says how often that cost an app. */
static int lose_bits(size_t from, size_t to)
{
	int lost = 0;

	for (size_t at = from; at < to; at += 3) {
		int left;

		flash_bytes[at] ^= BIT(at % 8);
		reboot();
		left = whole();
		zassert_true(left >= 1, "at %u", (unsigned int)at);
		lost += left == 1;
		if (at % 32 == 0 && at >= JOURNAL_SIZE) {
			zassert_ok(install(&steady_1), "at %u: %s", (unsigned int)at, message);
			zassert_equal(version_of("steady"), 10);
		}
		memcpy(flash_bytes, before, sizeof(before));
		reboot();
	}
	return lost;
}

ZTEST(store, test_a_bit_that_is_lost_costs_its_app_at_most)
{
	size_t start;
	int lost;

	run(&other_1);
	run(&steady_1);
	reboot();
	memcpy(before, flash_bytes, sizeof(before));
	zassert_equal(whole(), 2);
	start = zephyr_wasm_entry_current("steady")->offset;
	lost = lose_bits(start, start + steady_1.size);
	zassert_true(lost > (int)steady_1.size / 3 - 2, "%d", lost);
	/* Without its last record, it is as it was before that: installed. */
	lost = lose_bits(0, JOURNAL_SIZE);
	zassert_equal(lost, 0, "%d", lost);
	/* Where the records have moved, there is one of each. */
	fill_journal();
	zassert_ok(zephyr_wasm_floor_raise("steady", (uint16_t[]){1, 0, 1}));
	reboot();
	memcpy(before, flash_bytes, sizeof(before));
	zassert_equal(whole(), 2);
	lost = lose_bits(0, JOURNAL_SIZE);
	zassert_true(lost > 30, "%d", lost);
}

ZTEST(store, test_the_version_before_a_damaged_one_runs)
{
	run(&steady_1);
	run(&steady_2);
	zassert_ok(zephyr_wasm_store_confirm("steady", message));
	flash_bytes[zephyr_wasm_entry_current("steady")->offset + 300] ^= 4;
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

ZTEST(store, test_records_that_lie_cost_nothing)
{
	static const uint32_t numbers[] = {
		0,
		1,
		768,
		JOURNAL_SIZE,
		JOURNAL_SIZE + 1024,
		FLASH_SIZE - 1024,
		FLASH_SIZE,
		FLASH_SIZE - JOURNAL_SIZE,
		UINT32_MAX,
		5 * 1024,
		20000,
		INT32_MAX,
		UINT32_MAX - 255,
	};

	for (uint32_t round = 0; round < 200; round++) {
		uint32_t last = JOURNAL_HALF - sizeof(struct record);

		wipe();
		for (size_t slot = 0; slot < last / sizeof(struct record); slot += 1 + round % 3) {
			uint32_t pick = round * 31 + slot * 7;
			uint32_t place = slot * sizeof(struct record);
			struct record record = {
				.type = pick % 7 ? RECORD_ENTRY : pick,
				.state = pick % 6,
				.flags = pick % 8,
				.entry = {.sequence = pick % 5 ? slot : UINT32_MAX,
					  .offset = numbers[pick % 13],
					  .size = numbers[(pick + slot) % 13]},
			};

			if (record.type == RECORD_COMMIT) {
				record = commit_at(place, record.entry.sequence);
			}
			put_record(&flash_bytes[place], record);
		}
		put_record(&flash_bytes[last], commit_at(last, 1 + round));
		reboot();
		zassert_equal(zephyr_wasm_start_all(), 1, "round %u", round);
		if (install(&steady_1) != 0) {
			/* More of them than there are entries. */
			zassert_not_null(strstr(message, "no room"), "round %u: %s", round,
					 message);
			continue;
		}
		zassert_equal(version_of("steady"), 10, "round %u", round);
		reboot();
		zassert_equal(version_of("steady"), 10, "round %u", round);
	}
}
