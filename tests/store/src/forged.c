/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is in flash that was never installed: nobody has signed it, and it does not run.
 */

#include <string.h>

#include <zephyr/sys/crc.h>

#include "core/images.h"
#include "store/entry.h"
#include "zephyr_wasm_declared.h"

#include "common.h"

static uint8_t before[FLASH_SIZE];
static uint8_t forged[8 * 1024];

static struct record installed(uint32_t sequence, uint32_t offset, const struct file *file)
{
	struct record record = {
		.type = RECORD_ENTRY,
		.state = RECORD_INSTALLED,
		.flags = RECORD_IS_SIGNED | RECORD_IS_TRIED | RECORD_IS_CONFIRMED,
		.entry = {.sequence = sequence, .offset = offset, .size = file->size},
	};

	zephyr_wasm_rs_digest(file->bytes, file->size, record.entry.digest);
	return record;
}

/* The header and the marks that the store had in front of each file once, and the file. */
static void put_old_entry(uint8_t *to, const struct file *file)
{
	uint32_t header[12] = {0x7761736d, file->size, 1000};
	uint32_t mark[13] = {0x7761736d, 1};

	zephyr_wasm_rs_digest(file->bytes, file->size, (uint8_t *)&header[3]);
	header[11] = crc32_ieee((const uint8_t *)header, 44);
	memcpy(&mark[4], &header[3], ZEPHYR_WASM_DIGEST_SIZE);
	mark[12] = crc32_ieee((const uint8_t *)mark, 48);
	memset(to, 0xff, 256);
	memcpy(to, header, sizeof(header));
	memcpy(&to[64], mark, sizeof(mark));
	memcpy(&to[160], header, 4);
	memcpy(&to[256], file->bytes, file->size);
}

/* A journal for a place of the partition, which knows nothing but a file, and counts. */
static void put_journal(uint8_t *to, uint32_t place, uint32_t offset, const struct file *file)
{
	put_record(&to[0], installed(1000, offset, file));
	put_record(&to[64], commit_at(place + 64, 1000));
	put_record(&to[128], commit_at(place + 128, 1000));
}

/* Neither is there nor runs: the app that was not signed. */
static void check(size_t at)
{
	struct zephyr_wasm_store_info info;

	for (size_t i = 0; zephyr_wasm_store_info(i, &info) == 0; i++) {
		zassert_not_equal(strcmp(info.identity.name, "unsigned"), 0, "at %u",
				  (unsigned int)at);
	}
	zassert_is_null(zephyr_wasm_find("unsigned"), "at %u", (unsigned int)at);
}

ZTEST(store, test_what_an_upload_contains_is_no_entry_whatever_bit_is_lost)
{
	const struct file file = {forged, sizeof(forged)};
	uint32_t offset;

	run(&other_1);
	/* It will be here. */
	offset = ROUND_UP(zephyr_wasm_entry_current("other")->offset + other_1.size, 1024);
	memset(forged, 0xaa, sizeof(forged));
	put_old_entry(&forged[1024], &unsigned_app);
	put_journal(&forged[4096], offset + 4096, offset + 5120, &unsigned_app);
	memcpy(&forged[5120], unsigned_app.bytes, unsigned_app.size);
	/* It is cut off, or it would be refused, and erased. */
	zassert_ok(receive(&file, 100, sizeof(forged) - 64), "%s", message);
	zassert_mem_equal(&flash_bytes[offset + 5120], unsigned_app.bytes, unsigned_app.size);
	reboot();
	memcpy(before, flash_bytes, sizeof(before));
	for (size_t at = 0; at < JOURNAL_SIZE; at++) {
		memcpy(flash_bytes, before, sizeof(before));
		flash_bytes[at] ^= BIT(at % 8);
		reboot();
		check(at);
	}
	zassert_true(zephyr_wasm_start_all() >= 1);
	check(0);
}

/* The journal itself says so, to the last bit: how that ends for the app of that name. */
static enum zephyr_wasm_store_state claim(const struct file *file, const char *name)
{
	struct zephyr_wasm_store_info info;
	struct zephyr_wasm_app *app;

	wipe();
	put_journal(flash_bytes, 0, JOURNAL_SIZE, file);
	memcpy(&flash_bytes[JOURNAL_SIZE], file->bytes, file->size);
	zassert_ok(zephyr_wasm_store_info(0, &info));
	zassert_str_equal(info.identity.name, name);
	zassert_true(zephyr_wasm_start_all() >= 1);
	app = zephyr_wasm_find(name);
	if (app != NULL) {
		struct zephyr_wasm_status status;

		zassert_equal(zephyr_wasm_wait(app, K_SECONDS(5), &status), -EAGAIN, "%s: %s", name,
			      status.message);
	}
	zassert_ok(zephyr_wasm_store_info(0, &info));
	return info.state;
}

ZTEST(store, test_what_flash_says_of_a_signature_is_not_believed)
{
	zassert_equal(claim(&steady_1, "steady"), ZEPHYR_WASM_STORE_CURRENT);
	zassert_true(runs("steady"));
	zassert_equal(claim(&unsigned_app, "unsigned"), ZEPHYR_WASM_STORE_REFUSED);
	zassert_is_null(zephyr_wasm_find("unsigned"));
	zassert_equal(claim(&foreign, "foreign"), ZEPHYR_WASM_STORE_REFUSED);
	zassert_is_null(zephyr_wasm_find("foreign"));
	/* And it does not come back by its name. */
	zassert_equal(zephyr_wasm_store_start("foreign", message), -ENOENT, "%s", message);
	zassert_ok(zephyr_wasm_store_erase("foreign", message), "%s", message);
}

/* Whatever way it is started: the app's own thread checks it. */
ZTEST(store, test_nothing_unchecked_runs_on_any_way)
{
	const struct zephyr_wasm_image *image;
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	put_journal(flash_bytes, 0, JOURNAL_SIZE, &foreign);
	memcpy(&flash_bytes[JOURNAL_SIZE], foreign.bytes, foreign.size);
	image = zephyr_wasm_find_image("foreign");
	zassert_not_null(image);
	zassert_false(image->validated);
	zassert_ok(zephyr_wasm_start(image, &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(30), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "%s", status.message);
	zassert_equal(status.detail, ZEPHYR_WASM_REFUSED_UNKNOWN_KEY, "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST(store, test_what_flash_says_of_validation_is_not_believed)
{
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	if (!IS_ENABLED(CONFIG_WASM_VALIDATE)) {
		/* The signer is who says so. */
		ztest_test_skip();
	}
	put_journal(flash_bytes, 0, JOURNAL_SIZE, &invalid);
	memcpy(&flash_bytes[JOURNAL_SIZE], invalid.bytes, invalid.size);
	zassert_equal(zephyr_wasm_start_all(), 2);
	app = zephyr_wasm_find("invalid");
	zassert_not_null(app);
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(30), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "%s", status.message);
	zassert_equal(status.detail, ZEPHYR_WASM_REFUSED_INVALID, "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
}
