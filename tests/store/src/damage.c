/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flash that is damaged by chance, or by somebody who knows the store: what nobody has signed does
 * not run, and the board works on. scripts/soak does it 100,000 times.
 */

#include <string.h>

#include "core/app.h"
#include "core/slots.h"
#include "store/entry.h"
#include "zephyr_wasm_declared.h"

#include "common.h"

#define BLOCKS (FLASH_SIZE / 1024)

static uint8_t before[FLASH_SIZE];
static int ran;
static int refused;

/* Bits that flip: most often where much depends on them. */
static void flip(void)
{
	size_t count = 1 + pick(pick(2) ? 3 : 64);
	size_t size = pick(2) ? JOURNAL_SIZE : FLASH_SIZE;

	while (count-- > 0) {
		flash_bytes[pick(size)] ^= BIT(pick(8));
	}
}

/* A piece that was not written, not erased, or is anything. */
static void fill(void)
{
	size_t size = 1 + pick(pick(2) ? 100 : 3000);
	size_t at = pick(FLASH_SIZE - size);
	uint32_t kind = pick(3);

	for (size_t i = 0; i < size; i++) {
		flash_bytes[at + i] = kind == 0 ? 0xff : kind == 1 ? 0 : pick(256);
	}
}

/* A piece that is in another place, too. */
static void copy(void)
{
	size_t unit = pick(2) ? 1024 : sizeof(struct record);
	size_t size = unit * (1 + pick(4));
	size_t from = pick((FLASH_SIZE - size) / unit) * unit;
	size_t to = pick((pick(2) ? JOURNAL_SIZE : FLASH_SIZE - size) / unit) * unit;

	memmove(&flash_bytes[to], &flash_bytes[from], size);
}

/* A whole record of something. */
static void forge(void)
{
	struct record record = {
		.type = pick(4) ? RECORD_ENTRY : RECORD_COMMIT + pick(16),
		.state = pick(5),
		.flags = pick(8),
		.entry = {.sequence = pick(pick(2) ? 12 : UINT32_MAX),
			  .offset = pick(2) ? pick(BLOCKS + 1) * 1024 : pick(UINT32_MAX),
			  .size = pick(pick(4) ? 4000 : UINT32_MAX)},
	};
	size_t place = pick(JOURNAL_SIZE / sizeof(record)) * sizeof(record);

	if (record.type == RECORD_FLOOR) {
		memset(record.bytes, 'a' + pick(26), sizeof(record.bytes));
	} else if (record.type == RECORD_COMMIT) {
		record = commit_at(place, record.entry.sequence);
	}
	put_record(&flash_bytes[place], record);
}

/* An app that nobody has signed, or that has lost a bit, with a record that says all is well. */
static void plant(void)
{
	const struct file *const files[] = {&unsigned_app, &foreign, &steady_1, &steady_3,
					    &other_2};
	const struct file *file = files[pick(ARRAY_SIZE(files))];
	size_t offset = JOURNAL_SIZE + pick(FLASH_FREE / 1024 - 2) * 1024;
	struct record record = {
		.type = RECORD_ENTRY,
		.state = RECORD_INSTALLED,
		.flags = RECORD_IS_SIGNED | RECORD_IS_TRIED | RECORD_IS_CONFIRMED,
		.entry = {.sequence = 100 + pick(100), .offset = offset, .size = file->size},
	};
	size_t half = pick(2) * JOURNAL_HALF;
	size_t slot = half / sizeof(record);

	memcpy(&flash_bytes[offset], file->bytes, file->size);
	if (pick(2)) {
		flash_bytes[offset + pick(file->size)] ^= BIT(pick(8));
	}
	zephyr_wasm_rs_digest(&flash_bytes[offset], file->size, record.entry.digest);
	/* Behind the last, where the next would be. */
	while (slot < (half + JOURNAL_HALF) / sizeof(record) - 1 &&
	       flash_bytes[slot * sizeof(record)] != 0xff) {
		slot++;
	}
	put_record(&flash_bytes[slot * sizeof(record)], record);
}

static void damage(void)
{
	static void (*const kinds[])(void) = {flip, fill, copy, forge, plant};

	for (size_t count = 1 + pick(3); count > 0; count--) {
		kinds[pick(ARRAY_SIZE(kinds))]();
	}
}

/* Whether these are the bytes of a file that a key of this image has signed. */
static bool is_signed(const struct zephyr_wasm_image *image)
{
	const struct file *const files[] = {&steady_1, &steady_2, &steady_3, &other_1, &other_2};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (image->size == files[i]->size &&
		    memcmp(image->wasm, files[i]->bytes, image->size) == 0) {
			return true;
		}
	}
	return false;
}

/* What is loaded and was not signed has been refused. */
static void check(int round)
{
	struct zephyr_wasm_app *app = NULL;

	while ((app = zephyr_wasm_next(app)) != NULL) {
		struct zephyr_wasm_status status;

		if (zephyr_wasm_entry_of(app->image) == NULL) {
			continue;
		}
		if (is_signed(app->image)) {
			ran++;
			continue;
		}
		zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status), "round %d: %s runs",
			   round, app->image->name);
		zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "round %d: %s: %s", round,
			      app->image->name, status.message);
		refused++;
	}
}

static void count_refused(void)
{
	struct zephyr_wasm_store_info info;

	for (size_t i = 0; zephyr_wasm_store_info(i, &info) == 0; i++) {
		refused += info.state == ZEPHYR_WASM_STORE_REFUSED ||
			   info.state == ZEPHYR_WASM_STORE_DAMAGED;
	}
}

void damage_prepare(void)
{
	const struct file half = {foreign.bytes, foreign.size};

	run(&other_1);
	run(&steady_1);
	run(&steady_2);
	zassert_ok(zephyr_wasm_store_confirm("steady", message), "%s", message);
	zassert_ok(receive(&half, 100, 1100), "%s", message);
	reboot();
	memcpy(before, flash_bytes, sizeof(before));
}

void damage_none(void)
{
	memcpy(flash_bytes, before, sizeof(before));
	reboot();
	(void)zephyr_wasm_start_all();
}

void damage_once(int round)
{
	memcpy(flash_bytes, before, sizeof(before));
	damage();
	reboot();
	(void)zephyr_wasm_start_all();
	check(round);
	count_refused();
	if (round % 16 == 0) {
		/* What it says is told, and nothing else happens. */
		(void)install(&steady_3);
		check(round);
		reboot();
		(void)zephyr_wasm_start_all();
		check(round);
	}
}

static void damage_often(int count)
{
	ran = 0;
	refused = 0;
	numbers_begin(CONFIG_TEST_SEED);
	damage_prepare();
	for (int round = 0; round < count; round++) {
		damage_once(round);
	}
	TC_PRINT("%d damaged images: %d times an app that was signed ran, %d were refused or "
		 "damaged\n",
		 count, ran, refused);
	zassert_true(ran > count / 2 && refused > count / 20, "%d, %d", ran, refused);
}

ZTEST(store, test_no_damage_has_run_what_was_not_signed)
{
	damage_often(CONFIG_TEST_DAMAGES);
}
