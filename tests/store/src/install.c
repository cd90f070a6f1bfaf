/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps are installed, updated, taken back and erased.
 */

#include <string.h>

#include "core/images.h"

#include "common.h"

static const uint8_t added_key[] = {
#include "added_key.inc"
};

BUILD_ASSERT(sizeof(added_key) == ZEPHYR_WASM_KEY_SIZE);

static void *provision(void)
{
	zassert_ok(zephyr_wasm_store_add_key(added_key));
	zassert_equal(zephyr_wasm_store_add_key(added_key), -ENOMEM);
	return NULL;
}

static void begin(void *fixture)
{
	ARG_UNUSED(fixture);
	wipe();
}

static void end(void *fixture)
{
	ARG_UNUSED(fixture);
	reboot();
}

ZTEST_SUITE(store, NULL, provision, begin, end, NULL);

ZTEST(store, test_an_app_is_installed_and_runs)
{
	struct zephyr_wasm_store_info info;

	zassert_equal(zephyr_wasm_store_info(0, &info), -ENOENT);
	zassert_equal(zephyr_wasm_store_free(), FLASH_FREE);
	run(&steady_1);
	zassert_true(runs("steady"));
	zassert_ok(zephyr_wasm_store_info(0, &info));
	zassert_str_equal(info.identity.name, "steady");
	zassert_equal(info.identity.version[0], 1);
	zassert_equal(info.size, steady_1.size);
	zassert_true(info.is_signed);
	/* There is nothing to go back to. */
	zassert_equal(info.state, ZEPHYR_WASM_STORE_CURRENT);
	zassert_equal(zephyr_wasm_store_info(1, &info), -ENOENT);
}

ZTEST(store, test_what_is_installed_starts_with_the_board)
{
	run(&steady_1);
	run(&other_1);
	reboot();
	zassert_false(runs("steady"));
	/* Both of them, and the one that is embedded. */
	zassert_equal(zephyr_wasm_start_all(), 3);
	zassert_true(runs("steady") && runs("other"));
}

ZTEST(store, test_an_update_takes_the_place_of_what_runs)
{
	run(&steady_1);
	run(&steady_2);
	zassert_true(runs("steady"));
	zassert_equal(version_of("steady"), 11);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_ON_TRIAL);
	zassert_ok(zephyr_wasm_store_confirm("steady", message), "%s", message);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_CURRENT);
	reboot();
	zassert_equal(version_of("steady"), 11);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_CURRENT);
}

ZTEST(store, test_a_key_that_was_added_is_trusted)
{
	run(&steady_3);
	zassert_equal(version_of("steady"), 20);
}

ZTEST(store, test_no_more_than_two_versions_are_kept)
{
	struct zephyr_wasm_store_info info;

	run(&steady_1);
	run(&steady_2);
	zassert_ok(zephyr_wasm_store_confirm("steady", message), "%s", message);
	run(&steady_3);
	zassert_ok(zephyr_wasm_store_info(1, &info));
	zassert_equal(zephyr_wasm_store_info(2, &info), -ENOENT);
	zassert_ok(zephyr_wasm_store_rollback("steady", message), "%s", message);
	zassert_equal(version_of("steady"), 11);
	zassert_true(runs("steady"));
	zassert_equal(zephyr_wasm_store_rollback("steady", message), -ENOENT);
}

ZTEST(store, test_the_version_to_go_back_to_has_passed_its_trial)
{
	run(&steady_1);
	run(&steady_2);
	run(&steady_3);
	zassert_ok(zephyr_wasm_store_rollback("steady", message), "%s", message);
	zassert_equal(version_of("steady"), 10);
}

ZTEST(store, test_an_app_runs_on_after_a_rollback_that_fails)
{
	struct zephyr_wasm_app *other;

	run(&steady_1);
	run(&steady_2);
	zassert_ok(zephyr_wasm_start(zephyr_wasm_find_image("steady"), &other));
	/* Its version cannot be erased: the other app has it, too. */
	zassert_equal(zephyr_wasm_store_rollback("steady", message), -EBUSY);
	zassert_equal(version_of("steady"), 11);
	zassert_ok(zephyr_wasm_kill(other));
	zassert_ok(zephyr_wasm_wait(other, K_SECONDS(1), NULL));
	zassert_ok(zephyr_wasm_release(other));
	zassert_true(runs("steady"));
	zassert_ok(zephyr_wasm_store_rollback("steady", message), "%s", message);
	zassert_equal(version_of("steady"), 10);
	zassert_true(runs("steady"));
}

ZTEST(store, test_an_app_is_erased)
{
	run(&steady_1);
	run(&steady_2);
	run(&other_1);
	zassert_ok(zephyr_wasm_store_erase("steady", message), "%s", message);
	zassert_is_null(zephyr_wasm_find("steady"));
	zassert_equal(version_of("steady"), -1);
	zassert_true(runs("other"));
	zassert_equal(zephyr_wasm_store_erase("steady", message), -ENOENT);
	zassert_equal(zephyr_wasm_store_confirm("steady", message), -ENOENT);
	zassert_ok(zephyr_wasm_store_erase("other", message), "%s", message);
	zassert_equal(zephyr_wasm_store_free(), FLASH_FREE);
}

ZTEST(store, test_an_embedded_app_is_replaced_and_comes_back)
{
	struct zephyr_wasm_app *app;

	zassert_equal(zephyr_wasm_start_all(), 1);
	app = zephyr_wasm_find("factory");
	zassert_not_null(app);
	/* It fails on trial. */
	run(&factory_2);
	zassert_equal(version_of("factory"), 11);
	k_sleep(K_MSEC(900));
	zassert_equal(version_of("factory"), -1);
	app = zephyr_wasm_find("factory");
	zassert_not_null(app);
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(1), NULL));
}
