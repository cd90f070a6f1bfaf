/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board whose flash was written in a factory, with what `zephyr-wasm image` has made: of
 * steady_2 and other_1.
 */

#include <string.h>

#include "store/store.h"

#include "common.h"

static const uint8_t image_bytes[] = {
#include "factory_image.inc"
};

BUILD_ASSERT(sizeof(image_bytes) <= FLASH_SIZE);

static void begin(void *fixture)
{
	ARG_UNUSED(fixture);
	wipe();
	memcpy(flash_bytes, image_bytes, sizeof(image_bytes));
}

static void end(void *fixture)
{
	ARG_UNUSED(fixture);
	wipe();
}

ZTEST_SUITE(factory, NULL, NULL, begin, end, NULL);

/* Reads the valid records about versions and floors; how many there are. */
static size_t records_of_now(struct record *records, size_t most)
{
	size_t count = 0;

	for (size_t slot = 0; slot < zephyr_wasm_journal_end(); slot++) {
		struct record record;

		if (zephyr_wasm_journal_read(slot, &record) && record.type != RECORD_COMMIT) {
			zassert_true(count < most);
			records[count++] = record;
		}
	}
	return count;
}

static bool has_record(const struct record *records, size_t count, const struct record *wanted)
{
	for (size_t i = 0; i < count; i++) {
		if (memcmp(&records[i], wanted, sizeof(*wanted)) == 0) {
			return true;
		}
	}
	return false;
}

ZTEST(factory, test_the_apps_are_there_and_run)
{
	zassert_equal(version_of("steady"), 11);
	zassert_equal(version_of("other"), 1);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_CURRENT);
	zassert_equal(state_of("other"), ZEPHYR_WASM_STORE_CURRENT);
	/* Both of them, and the one that is embedded. */
	zassert_equal(zephyr_wasm_start_all(), 3);
	zassert_true(runs("steady") && runs("other"));
	zassert_true(zephyr_wasm_entry_current("steady")->confirmed);
	reboot();
	zassert_equal(version_of("steady"), 11);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_CURRENT);
}

ZTEST(factory, test_the_journal_says_what_the_store_itself_would)
{
	struct record by_tool[4], by_store[4];
	size_t free;

	zassert_equal(version_of("steady"), 11);
	free = zephyr_wasm_store_free();
	/* A version and a floor for each app. */
	zassert_equal(records_of_now(by_tool, ARRAY_SIZE(by_tool)), ARRAY_SIZE(by_tool));
	wipe();
	zassert_ok(install(&steady_2), "%s", message);
	zassert_ok(install(&other_1), "%s", message);
	zassert_equal(zephyr_wasm_store_free(), free);
	zassert_equal(records_of_now(by_store, ARRAY_SIZE(by_store)), ARRAY_SIZE(by_store));
	for (size_t i = 0; i < ARRAY_SIZE(by_store); i++) {
		zassert_true(has_record(by_tool, ARRAY_SIZE(by_tool), &by_store[i]),
			     "the tool has no such record of type %c", by_store[i].type);
	}
	for (size_t offset = JOURNAL_SIZE; offset < sizeof(image_bytes); offset++) {
		zassert_equal(flash_bytes[offset], image_bytes[offset], "at %zu", offset);
	}
}

ZTEST(factory, test_an_app_is_updated)
{
	run(&other_2);
	zassert_true(runs("other"));
	zassert_equal(version_of("other"), 2);
	zassert_equal(state_of("other"), ZEPHYR_WASM_STORE_ON_TRIAL);
	zassert_ok(zephyr_wasm_store_rollback("other", message), "%s", message);
	zassert_equal(version_of("other"), 1);
	run(&other_2);
	zassert_ok(zephyr_wasm_store_confirm("other", message), "%s", message);
	reboot();
	zassert_equal(version_of("other"), 2);
	zassert_equal(version_of("steady"), 11);
}

ZTEST(factory, test_nothing_older_follows)
{
	uint16_t version[3];

	zassert_equal(version_of("steady"), 11);
	zassert_true(zephyr_wasm_floor_of("steady", version));
	zassert_equal(version[0], 1);
	zassert_equal(version[1], 1);
	zassert_equal(install(&steady_1), -EPERM, "%s", message);
	/* Not even if the bytes of the app are lost. */
	flash_bytes[zephyr_wasm_entry_current("steady")->offset + 100] ^= 1;
	reboot();
	zassert_equal(version_of("steady"), -1);
	zassert_equal(install(&steady_1), -EPERM, "%s", message);
	zassert_not_null(strstr(message, "which was here before"), "%s", message);
	zassert_ok(install(&steady_2), "%s", message);
}

ZTEST(factory, test_an_older_journal_does_not_come_back)
{
	wipe();
	run(&steady_1);
	/* Its second half is the valid one, of a later generation. */
	fill_journal();
	zassert_ok(zephyr_wasm_store_erase("steady", message), "%s", message);
	reboot();
	/* A tool that writes flash erases what it writes, and no more. */
	memcpy(flash_bytes, image_bytes, sizeof(image_bytes));
	zassert_equal(version_of("steady"), 11);
	zassert_equal(version_of("other"), 1);
}
