/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A journal that another image has written, with other options: where this one would look for its
 * own may be what somebody has uploaded. Nothing of it is believed, and nothing of it is changed.
 */

#include <string.h>

#include "store/store.h"

#include "common.h"

#define RECORD sizeof(struct record)

/* The sizes of a half and of a block. */
struct layout {
	uint32_t half;
	uint32_t block;
};

/* Of images with fewer and more entries, floors and keys, and with other blocks. */
static const struct layout others[] = {
	{JOURNAL_HALF / 2, FLASH_BLOCK},
	{JOURNAL_HALF + FLASH_BLOCK, FLASH_BLOCK},
	{2 * JOURNAL_HALF, FLASH_BLOCK},
	{JOURNAL_HALF, FLASH_BLOCK / 2},
	{JOURNAL_HALF, 2 * FLASH_BLOCK},
	{4 * JOURNAL_HALF, 4 * FLASH_BLOCK},
	/* Of one that did not say. */
	{0, 0},
};

static uint8_t before[FLASH_SIZE];

static struct record commit_of(const struct layout *layout, uint32_t place, uint32_t generation)
{
	struct record record = commit_at(place, generation);

	record.commit.half = layout->half;
	record.commit.block = layout->block;
	return record;
}

/* A half of that layout, in which a key is revoked. */
static void put_half(const struct layout *layout, uint32_t place, uint32_t generation)
{
	put_record(&flash_bytes[place], (struct record){.type = RECORD_REVOKED, .key = {1}});
	for (uint32_t at = place + RECORD; at <= place + 2 * RECORD; at += RECORD) {
		put_record(&flash_bytes[at], commit_of(layout, at, generation));
	}
}

/* In each block that layout has for files, a half that counts more, for this image there. */
static void put_uploads(uint32_t from)
{
	const struct layout ours = {JOURNAL_HALF, FLASH_BLOCK};

	for (uint32_t place = from; place < FLASH_SIZE; place += FLASH_BLOCK) {
		put_half(&ours, place, UINT32_MAX - 16);
	}
}

/* Nothing is to be had of the store, and it stays as it is. */
static void check_unused(const char *what, size_t index)
{
	struct zephyr_wasm_store_info info;
	uint8_t key[ZEPHYR_WASM_KEY_SIZE] = {2};

	memcpy(before, flash_bytes, sizeof(before));
	reboot();
	/* The embedded one alone. */
	zassert_equal(zephyr_wasm_start_all(), 1, "%s, %u", what, (unsigned int)index);
	zassert_equal(zephyr_wasm_store_info(0, &info), -EIO, "%s, %u", what, (unsigned int)index);
	zassert_equal(install(&steady_1), -EIO, "%s, %u: %s", what, (unsigned int)index, message);
	zassert_not_null(strstr(message, "cannot be used"), "%s", message);
	zassert_equal(zephyr_wasm_store_revoke_key(key, message), -EIO, "%s", message);
	zassert_equal(zephyr_wasm_store_free(), 0);
	zassert_mem_equal(flash_bytes, before, sizeof(before), "%s, %u", what, (unsigned int)index);
}

ZTEST(store, test_a_journal_of_another_layout_is_not_believed)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		/* That did not say where its second half was, and it was anywhere. */
		uint32_t second = others[i].half == 0 ? FLASH_BLOCK : others[i].half;

		wipe();
		put_half(&others[i], 0, 1);
		check_unused("its first half", i);
		put_uploads(2 * second);
		check_unused("its first half, and uploads", i);
		put_half(&others[i], second, 2);
		check_unused("both halves, and uploads", i);
		/* The power was lost as the first was erased. */
		memset(flash_bytes, 0xff, second);
		check_unused("its second half, and uploads", i);
		memset(&flash_bytes[2 * second], 0xff, FLASH_SIZE - 2 * second);
		check_unused("its second half", i);
	}
	/* Both halves have lost what has them count. */
	wipe();
	put_uploads(JOURNAL_SIZE);
	check_unused("uploads alone", 0);
}

/* What an image with the options of before finds again. */
ZTEST(store, test_a_store_that_was_not_believed_is_as_it_was)
{
	const struct layout *other = &others[1];
	static uint8_t whole[JOURNAL_HALF];

	run(&steady_1);
	run(&steady_2);
	reboot();
	memcpy(whole, flash_bytes, sizeof(whole));
	memset(flash_bytes, 0xff, sizeof(whole));
	put_half(other, 0, 1);
	check_unused("another journal", 0);
	memcpy(flash_bytes, whole, sizeof(whole));
	reboot();
	zassert_equal(version_of("steady"), 11);
}

/* What was its beginning is behind it, or before it. */
ZTEST(store, test_a_partition_that_was_moved_is_not_believed)
{
	static uint8_t whole[FLASH_SIZE];

	for (uint32_t by = RECORD; by <= 4 * JOURNAL_SIZE; by += RECORD) {
		if (by > 4 * RECORD && by % FLASH_BLOCK != 0) {
			continue;
		}
		wipe();
		run(&steady_1);
		fill_journal();
		zassert_ok(zephyr_wasm_floor_raise("steady", (uint16_t[]){1, 0, 1}));
		reboot();
		memcpy(whole, flash_bytes, sizeof(whole));
		memset(flash_bytes, 0xff, by);
		memcpy(&flash_bytes[by], whole, FLASH_SIZE - by);
		check_unused("earlier", by);
		memset(flash_bytes, 0xff, sizeof(flash_bytes));
		memcpy(flash_bytes, &whole[by], FLASH_SIZE - by);
		if (by <= JOURNAL_HALF) {
			/* Else the journal is not in it any more. */
			check_unused("later", by);
		}
	}
}

/* The power was lost as the first half was erased: all is in the second, also what was revoked, and
 * what somebody has uploaded is no half. */
ZTEST(store, test_the_second_half_is_enough)
{
	struct zephyr_wasm_store_info info;
	uint8_t key[ZEPHYR_WASM_KEY_SIZE] = {1};
	uint16_t version[3];
	uint32_t end;

	run(&steady_1);
	end = ROUND_UP(zephyr_wasm_entry_current("steady")->offset + steady_1.size, FLASH_BLOCK);
	fill_journal();
	zassert_ok(zephyr_wasm_store_revoke_key(key, message), "%s", message);
	zassert_ok(zephyr_wasm_floor_raise("steady", (uint16_t[]){1, 0, 1}));
	reboot();
	memset(flash_bytes, 0xff, JOURNAL_HALF);
	put_uploads(end);
	reboot();
	zassert_ok(zephyr_wasm_store_info(0, &info));
	zassert_equal(version_of("steady"), 10);
	zassert_true(zephyr_wasm_floor_of("steady", version) && version[2] == 1);
	/* One more is too many: the first is known. */
	for (int i = 1; i < CONFIG_WASM_STORE_REVOKED_KEY_COUNT; i++) {
		key[0]++;
		zassert_ok(zephyr_wasm_store_revoke_key(key, message), "%s", message);
	}
	key[0]++;
	zassert_equal(zephyr_wasm_store_revoke_key(key, message), -ENOSPC, "%s", message);
	reboot();
	zassert_equal(zephyr_wasm_start_all(), 2);
	zassert_true(runs("steady"));
}
