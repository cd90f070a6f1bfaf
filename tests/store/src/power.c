/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The power goes off at every single step of what writes to flash. What is there afterwards is what
 * was there before, or what was to be, and it works on.
 */

#include <string.h>

#include "store/store.h"

#include "common.h"

static uint8_t before[FLASH_SIZE];

/* How many places there were. */
static int cuts;

/* The least minor version of a name that may come. */
static int floor_is(const char *name)
{
	uint16_t version[3] = {0};

	(void)zephyr_wasm_floor_of(name, version);
	return version[0] * 10 + version[1];
}

/* Something that writes to flash, and how it is done again after the power has come back. */
struct doing {
	const char *name;
	void (*prepare)(void);
	int (*act)(void);
	/* The versions of steady that may be left by it. */
	int old;
	int new;
	/* The least that may come afterwards, if it is done. */
	int floor;
};

static void check(const struct doing *doing, int cut)
{
	int version;

	reboot();
	version = version_of("steady");
	zassert_true(version == doing->old || version == doing->new, "%s, cut %d: version %d",
		     doing->name, cut, version);
	zassert_equal(version_of("other"), 1, "%s, cut %d", doing->name, cut);
	if (version != doing->old) {
		zassert_true(floor_is("steady") >= doing->floor, "%s, cut %d", doing->name, cut);
	}
}

/* It can be done again, whatever was left; not after each cut, for it takes its time. */
static void again(const struct doing *doing, int cut)
{
	if (cut % 41 != 0 || version_of("steady") == doing->new) {
		return;
	}
	zassert_ok(doing->act(), "%s, cut %d: %s", doing->name, cut, message);
	zassert_equal(version_of("steady"), doing->new, "%s, cut %d", doing->name, cut);
	reboot();
	zassert_equal(version_of("steady"), doing->new, "%s, cut %d", doing->name, cut);
}

static void cut_everywhere(const struct doing *doing)
{
	bool is_done = false;
	int first = cuts;

	wipe();
	run(&other_1);
	doing->prepare();
	reboot();
	memcpy(before, flash_bytes, sizeof(before));
	for (int cut = 1; !is_done; cut++) {
		memcpy(flash_bytes, before, sizeof(before));
		reboot();
		flash_cut_after(cut);
		(void)doing->act();
		is_done = !flash_is_cut();
		check(doing, cut);
		again(doing, cut);
		cuts++;
	}
	TC_PRINT("%s: cut at %d places\n", doing->name, cuts - first);
}

static void nothing(void)
{
}

static void with_steady_1(void)
{
	run(&steady_1);
}

static void with_steady_2(void)
{
	run(&steady_1);
	run(&steady_2);
	zassert_ok(zephyr_wasm_store_confirm("steady", message));
}

static void on_trial(void)
{
	run(&steady_1);
	run(&steady_2);
}

/* The next records do not fit: all that counts moves to the other half. */
static void with_full_journal(void)
{
	on_trial();
	fill_journal();
}

static int install_first(void)
{
	return install(&steady_1);
}

static int update(void)
{
	return install(&steady_2);
}

static int update_again(void)
{
	return install(&steady_3);
}

#ifdef TEST_HAS_CODE
static int update_with_code(void)
{
	return install(&steady_code);
}
#endif

static int confirm(void)
{
	return zephyr_wasm_store_confirm("steady", message);
}

static int roll_back(void)
{
	return zephyr_wasm_store_rollback("steady", message);
}

static int settle(void)
{
	/* What was on trial is taken back, as the board starts. */
	return zephyr_wasm_start_all() >= 0 && version_of("steady") == 10 ? 0 : -EIO;
}

static int erase(void)
{
	return zephyr_wasm_store_erase("steady", message);
}

ZTEST(store, test_power_is_lost_everywhere)
{
	static const struct doing doings[] = {
		{"install", nothing, install_first, -1, 10, 0},
		{"update", with_steady_1, update, 10, 11, 10},
		{"update of an update", with_steady_2, update_again, 11, 20, 11},
#ifdef TEST_HAS_CODE
		{"update to one with code", with_steady_1, update_with_code, 10, 15, 10},
#endif
		{"confirmation", on_trial, confirm, 11, 11, 10},
		{"rollback", with_steady_2, roll_back, 11, 10, 11},
		{"rollback at start", on_trial, settle, 11, 10, 10},
		{"erase", with_steady_1, erase, 10, -1, 10},
		{"erase on trial", on_trial, erase, 11, -1, 11},
		{"confirmation in a full journal", with_full_journal, confirm, 11, 11, 10},
	};

	for (size_t i = 0; i < ARRAY_SIZE(doings); i++) {
		cut_everywhere(&doings[i]);
	}
	zassert_true(cuts > 3000, "%d", cuts);
}
