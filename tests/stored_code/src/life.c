/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps that run as machine code, from their installation to their end, and from version to version.
 */

#include <string.h>

#include "store/journal.h"
#include "store/store.h"
#include "zephyr_wasm_declared.h"

#include "common.h"

ZTEST(stored_code, test_two_apps_run_at_once_and_end_as_others_do)
{
	struct zephyr_wasm_app *app = run("traps");
	const struct zephyr_wasm_status *status = end_of(app);

	zassert_true(status->compiled);
	zassert_equal(status->end, ZEPHYR_WASM_END_TRAPPED, "%s", status->message);
	zassert_not_null(strstr(status->message, "out of bounds memory access"), "%s",
			 status->message);
	check_other();
	for (int i = 0; i < 2; i++) {
		app = i == 0 ? run("spins") : zephyr_wasm_find("spins");
		zassert_true(runs("spins", true));
		check_other();
		zassert_ok(zephyr_wasm_kill(app));
		status = end_of(app);
		zassert_equal(status->end, ZEPHYR_WASM_END_KILLED, "%s", status->message);
		zassert_ok(zephyr_wasm_store_start("spins", message), "%s", message);
		k_msleep(20);
	}
	zassert_true(runs("spins", true));
	check_other();
}

ZTEST(stored_code, test_an_app_is_started_again_as_its_manifest_says)
{
	struct zephyr_wasm_app *app = run("again");
	struct zephyr_wasm_status status = {0};

	for (int tries = 0; tries < 500 && status.restarts < 3; tries++) {
		k_msleep(5);
		zassert_ok(zephyr_wasm_status(app, &status));
	}
	zassert_true(status.restarts >= 3 && status.compiled, "%u restarts: %s", status.restarts,
		     status.message);
	check_other();
}

ZTEST(stored_code, test_what_is_installed_starts_with_the_board)
{
	(void)run("steady_1");
	reboot();
	zassert_false(runs("steady", true));
	zassert_equal(zephyr_wasm_start_all(), 2);
	k_msleep(50);
	zassert_true(runs("steady", true));
	check_other();
}

static void confirm(int version, bool as_code)
{
	zassert_ok(zephyr_wasm_store_confirm("steady", message), "%s", message);
	zassert_equal(version_of("steady"), version);
	zassert_true(runs("steady", as_code), "version %d", version);
	check_other();
}

ZTEST(stored_code, test_updates_from_one_kind_to_the_other_and_back)
{
	(void)run("steady_1");
	if (!IS_ENABLED(CONFIG_WASM_INTERPRETER)) {
		zassert_equal(install("steady_2_plain"), -ENOEXEC);
		zassert_not_null(strstr(message, "has no machine code"), "%s", message);
		confirm(10, true);
		(void)run("steady_3");
		confirm(12, true);
		zassert_ok(zephyr_wasm_store_rollback("steady", message), "%s", message);
		confirm(10, true);
		return;
	}
	(void)run("steady_2_plain");
	confirm(11, false);
	zassert_ok(zephyr_wasm_store_rollback("steady", message), "%s", message);
	confirm(10, true);
	(void)run("steady_2_plain");
	confirm(11, false);
	(void)run("steady_3");
	confirm(12, true);
	zassert_ok(zephyr_wasm_store_rollback("steady", message), "%s", message);
	confirm(11, false);
	reboot();
	zassert_equal(zephyr_wasm_start_all(), 2);
	k_msleep(50);
	zassert_true(runs("steady", false));
	check_other();
}

ZTEST(stored_code, test_a_version_that_fails_on_trial_is_taken_back)
{
	struct zephyr_wasm_store_failure failure;

	(void)run("steady_1");
	(void)run("fails");
	zassert_equal(version_of("steady"), 13);
	k_sleep(K_MSEC(500));
	zassert_equal(version_of("steady"), 10);
	zassert_true(runs("steady", true));
	zassert_ok(zephyr_wasm_store_failure("steady", &failure));
	zassert_not_null(strstr(failure.message, "unreachable"), "%s", failure.message);
	check_other();
}

/* What only that key has signed is stopped; what another trusted key has signed as well is
 * interpreted from then on, or stopped where nothing is. */
ZTEST(stored_code, test_a_key_that_is_revoked)
{
	(void)run("steady_by_second");
	zassert_true(runs("steady", true));
	zassert_ok(zephyr_wasm_store_erase("other", message), "%s", message);
	(void)run("other_by_second_and_store");
	zassert_true(runs("other", true));
	words_forget();
	zassert_ok(zephyr_wasm_store_revoke_key(key_second, message), "%s", message);
	for (int tries = 0; tries < 100 && !runs("other", false); tries++) {
		k_msleep(IS_ENABLED(CONFIG_WASM_INTERPRETER) ? 10 : 1);
	}
	zassert_false(runs("steady", true) || runs("steady", false));
	zassert_false(runs("other", true));
	zassert_equal(runs("other", false), IS_ENABLED(CONFIG_WASM_INTERPRETER));
	if (IS_ENABLED(CONFIG_WASM_INTERPRETER)) {
		zassert_true(words_have("(CONFIG_WASM_COMPILED_KEYS)"));
	}
	reboot();
	zassert_ok(zephyr_wasm_store_erase("steady", message), "%s", message);
	zassert_equal(install("steady_by_second"), -EACCES, "%s", message);
	/* What others have signed runs as it did. */
	(void)run("steady_1");
	zassert_true(runs("steady", true));
}

/* That a file is installed, as firmware says which had an interpreter. */
static void put_installed(const char *name, uint32_t offset)
{
	const struct file *file = file_of(name);
	struct record record = {
		.type = RECORD_ENTRY,
		.state = RECORD_INSTALLED,
		.flags = RECORD_IS_SIGNED | RECORD_IS_TRIED | RECORD_IS_CONFIRMED,
		.entry = {.sequence = 1000, .offset = offset, .size = file->size},
	};

	zephyr_wasm_rs_digest(file->bytes, file->size, record.entry.digest);
	memcpy(flash_bytes() + offset, file->bytes, file->size);
	zassert_ok(zephyr_wasm_journal_write(&record));
}

/* What it cannot run is kept, and says what is wrong with it: the interpreter may come back. */
ZTEST(stored_code, test_a_board_that_has_lost_its_interpreter)
{
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	Z_TEST_SKIP_IFDEF(CONFIG_WASM_INTERPRETER);
	put_installed("steady_2_plain", 0x10000);
	reboot();
	zassert_equal(version_of("steady"), 11);
	zassert_true(zephyr_wasm_start_all() >= 1);
	app = zephyr_wasm_find("steady");
	zassert_not_null(app);
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(1), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED);
	zassert_equal(status.detail, ZEPHYR_WASM_REFUSED_CODE);
	zassert_not_null(strstr(status.message, "has no machine code"), "%s", status.message);
	zassert_equal(version_of("steady"), 11);
	check_other();
	/* Its update has some. */
	(void)run("steady_3");
	zassert_true(runs("steady", true));
	check_other();
}

/* It was compiled once, by another version, for an image with other host APIs. */
ZTEST(stored_code, test_code_of_an_older_version_runs_unchanged)
{
	const struct zephyr_wasm_status *status = end_of(run("old"));

	zassert_true(status->compiled);
	zassert_true(status->end == ZEPHYR_WASM_END_RETURNED && status->detail == 42, "%d, %d: %s",
		     status->end, (int)status->detail, status->message);
	check_other();
}
