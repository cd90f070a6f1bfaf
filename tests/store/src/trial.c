/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An update proves itself, or the version before comes back.
 */

#include <string.h>

#include "store/store.h"

#include "common.h"

ZEPHYR_WASM_IMAGE_DECLARE(factory);

/* Longer than CONFIG_WASM_STORE_TRIAL_SECONDS. */
#define TRIAL K_MSEC(1500)

ZTEST(store, test_what_lasts_passes_its_trial)
{
	run(&steady_1);
	run(&steady_2);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_ON_TRIAL);
	k_sleep(TRIAL);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_CURRENT);
	reboot();
	zassert_equal(version_of("steady"), 11);
}

ZTEST(store, test_what_ends_as_it_should_passes_its_trial)
{
	run(&steady_1);
	run(&steady_done);
	k_sleep(K_MSEC(300));
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_CURRENT);
	reboot();
	zassert_equal(version_of("steady"), 13);
}

ZTEST(store, test_nothing_is_erased_that_runs)
{
	struct zephyr_wasm_store_info info;

	run(&steady_1);
	run(&steady_2);
	/* The one on trial is neither to run nor to go back to any more, and still runs. */
	zassert_ok(install(&steady_3), "%s", message);
	zassert_true(runs("steady"));
	zassert_ok(zephyr_wasm_store_info(2, &info));
	zassert_ok(zephyr_wasm_store_start("steady", message), "%s", message);
	zassert_equal(zephyr_wasm_store_info(2, &info), -ENOENT);
	zassert_equal(version_of("steady"), 20);
	zassert_true(runs("steady"));
}

ZTEST(store, test_what_fails_on_trial_is_taken_back)
{
	struct zephyr_wasm_store_failure failure;

	run(&steady_1);
	run(&steady_bad);
	zassert_equal(version_of("steady"), 12);
	k_sleep(TRIAL);
	zassert_equal(version_of("steady"), 10);
	zassert_true(runs("steady"));
	zassert_ok(zephyr_wasm_store_failure("steady", &failure));
	zassert_equal(failure.identity.version[1], 2);
	zassert_not_null(strstr(failure.message, "unreachable"), "%s", failure.message);
	zassert_equal(zephyr_wasm_store_failure("other", &failure), -ENOENT);
	/* And may be tried again. */
	run(&steady_bad);
	zassert_equal(version_of("steady"), 12);
}

static k_tid_t eraser;

static void note_eraser(void)
{
	eraser = k_current_get();
}

/* Everything on it would wait for the flash. */
ZTEST(store, test_what_is_taken_back_is_not_erased_on_the_work_queue)
{
	eraser = NULL;
	run(&steady_1);
	run(&steady_bad);
	flash_on_erase(note_eraser);
	k_sleep(TRIAL);
	flash_on_erase(NULL);
	zassert_equal(version_of("steady"), 10);
	zassert_not_null(eraser, "nothing was erased");
	zassert_not_equal(eraser, k_work_queue_thread_get(&k_sys_work_q));
}

/* What is written of that does not fit the half of the journal that counts. */
ZTEST(store, test_the_journal_moves_as_a_version_is_taken_back)
{
	run(&steady_1);
	run(&steady_bad);
	fill_journal();
	k_sleep(TRIAL);
	zassert_equal(version_of("steady"), 10);
	zassert_true(runs("steady"));
	reboot();
	zassert_equal(version_of("steady"), 10);
}

/* Somebody has the store as it fails, and all slots are in use. */
ZTEST(store, test_what_fails_on_trial_is_taken_back_without_its_slot)
{
	struct zephyr_wasm_app *apps[CONFIG_WASM_MAX_APPS];
	struct zephyr_wasm_store_failure failure;

	run(&steady_1);
	run(&steady_bad);
	zassert_ok(zephyr_wasm_store_change_begin(message));
	k_sleep(K_MSEC(300));
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(factory), &apps[i]));
	}
	zassert_is_null(zephyr_wasm_find("steady"));
	zephyr_wasm_store_change_end();
	k_sleep(TRIAL);
	zassert_equal(version_of("steady"), 10);
	zassert_ok(zephyr_wasm_store_failure("steady", &failure));
	zassert_equal(failure.identity.version[1], 2);
	zassert_not_null(strstr(failure.message, "took its slot"), "%s", failure.message);
}

ZTEST(store, test_what_is_on_trial_as_the_power_is_lost_is_taken_back)
{
	struct zephyr_wasm_store_failure failure;

	run(&steady_1);
	run(&steady_2);
	reboot();
	zassert_equal(zephyr_wasm_start_all(), 2);
	zassert_equal(version_of("steady"), 10);
	zassert_true(runs("steady"));
	zassert_ok(zephyr_wasm_store_failure("steady", &failure));
	zassert_equal(failure.identity.version[1], 1);
	zassert_str_equal(failure.message, "the board was reset while it was on trial");
	zassert_ok(zephyr_wasm_store_erase("steady", message), "%s", message);
	zassert_equal(zephyr_wasm_store_failure("steady", &failure), -ENOENT);
}

ZTEST(store, test_what_was_not_tried_before_the_power_is_lost_is_tried)
{
	run(&steady_1);
	zassert_ok(install(&steady_2), "%s", message);
	reboot();
	zassert_equal(zephyr_wasm_start_all(), 2);
	zassert_equal(version_of("steady"), 11);
	k_sleep(TRIAL);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_CURRENT);
}

ZTEST(store, test_what_is_killed_on_trial_has_not_failed)
{
	run(&steady_1);
	run(&steady_2);
	zassert_ok(zephyr_wasm_kill(zephyr_wasm_find("steady")));
	k_sleep(K_MSEC(200));
	zassert_equal(version_of("steady"), 11);
}

ZTEST(store, test_what_ends_as_it_is_asked_to_has_passed_no_trial)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	run(&steady_1);
	run(&steady_polite);
	app = zephyr_wasm_find("steady");
	/* It has looked whether it is asked to. */
	k_sleep(K_MSEC(200));
	zassert_ok(zephyr_wasm_stop(app, K_SECONDS(1)));
	zassert_ok(zephyr_wasm_status(app, &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED);
	k_sleep(TRIAL);
	zassert_equal(version_of("steady"), 14);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_ON_TRIAL);
	reboot();
	zassert_equal(zephyr_wasm_start_all(), 2);
	zassert_equal(version_of("steady"), 10);
}
