/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is not installed, and that nothing is lost by it.
 */

#include <string.h>

#include "common.h"

ZEPHYR_WASM_IMAGE_DECLARE(factory);

/* A file is refused with this error and these words, and the store is as it was. */
static void refused(const struct file *file, int error, const char *words)
{
	size_t before = zephyr_wasm_store_free();
	int result = install(file);

	zassert_equal(result, error, "%d: %s", result, message);
	zassert_not_null(strstr(message, words), "%s", message);
	zassert_equal(zephyr_wasm_store_free(), before);
	zassert_true(runs("steady"));
	zassert_equal(version_of("steady"), 11);
}

static void changed(size_t at, int error, const char *words)
{
	static uint8_t bytes[2048];
	const struct file file = {bytes, steady_3.size};

	memcpy(bytes, steady_3.bytes, steady_3.size);
	bytes[at] ^= 0x10;
	refused(&file, error, words);
}

ZTEST(store, test_what_is_not_as_this_image_wants_it_is_refused)
{
	static uint8_t nonsense[700];
	static uint8_t sections[2048];
	const struct file many = {sections, unsigned_app.size + 3 * 256};
	const struct file whole = {nonsense, sizeof(nonsense)};
	const struct file cut = {steady_3.bytes, steady_3.size - 5};

	run(&steady_1);
	run(&steady_2);
	refused(&unsigned_app, -EACCES, "unsigned 1.0.0 is not signed");
	refused(&foreign, -EACCES, "by a key that this image does not have");
	if (IS_ENABLED(CONFIG_WASM_VALIDATE)) {
		/* Else it is the signer who is trusted not to sign this. */
		refused(&invalid, -ENOEXEC, "invalid 1.0.0 ");
	}
	refused(&missing, -ENOEXEC, "missing 1.0.0 needs `acme:warp/drive@1.0.0`");
	refused(&greedy, -ENOEXEC, "CONFIG_WASM_APP_HEAP_SIZE");
	refused(&whole, -ENOEXEC, "not a WebAssembly module");
	refused(&cut, -ENOEXEC, "truncated");
	/* Of no name and nothing in them. */
	zassert_true(many.size <= sizeof(sections));
	memcpy(sections, unsigned_app.bytes, unsigned_app.size);
	for (size_t at = unsigned_app.size; at < many.size; at += 3) {
		sections[at + 1] = 1;
	}
	refused(&many, -ENOEXEC, "more than 256 sections");
	/* The same, and an earlier one: what was there to go back to cannot come in this way. */
	refused(&steady_1, -EPERM, "roll it back");
	/* In its data, its signature, and its code. */
	changed(steady_3.size / 2, -EACCES, "not what was signed");
	changed(100, -EACCES, "not what was signed");
}

ZTEST(store, test_an_earlier_version_is_refused)
{
	run(&steady_2);
	refused(&steady_1, -EPERM, "steady 1.0.0 is not later than 1.1.0");
}

ZTEST(store, test_what_is_older_than_the_embedded_app_is_refused)
{
	zassert_equal(install(&factory_0), -EPERM, "%s", message);
	zassert_not_null(strstr(message, "factory 0.9.0 is older than 1.0.0, which is embedded"),
			 "%s", message);
	zassert_ok(install(&factory_2), "%s", message);
}

ZTEST(store, test_an_app_that_was_erased_does_not_come_back_older)
{
	run(&steady_2);
	zassert_ok(zephyr_wasm_store_erase("steady", message), "%s", message);
	zassert_equal(install(&steady_1), -EPERM);
	zassert_not_null(strstr(message, "steady 1.0.0 is older than 1.1.0, which was here before"),
			 "%s", message);
	reboot();
	zassert_equal(install(&steady_1), -EPERM, "%s", message);
	zassert_ok(install(&steady_2), "%s", message);
	/* As it was on trial, and never confirmed. */
	wipe();
	run(&steady_1);
	run(&steady_2);
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_ON_TRIAL);
	zassert_ok(zephyr_wasm_store_erase("steady", message), "%s", message);
	reboot();
	zassert_equal(install(&steady_1), -EPERM, "%s", message);
	zassert_ok(install(&steady_3), "%s", message);
}

ZTEST(store, test_what_fails_on_trial_is_no_floor)
{
	run(&steady_1);
	run(&steady_3);
	zassert_ok(zephyr_wasm_store_rollback("steady", message), "%s", message);
	zassert_ok(install(&steady_2), "%s", message);
}

ZTEST(store, test_there_are_no_more_apps_than_versions_are_kept_of)
{
	run(&steady_1);
	run(&other_1);
	run(&factory_2);
	zassert_ok(zephyr_wasm_store_erase("other", message), "%s", message);
	reboot();
	zassert_equal(install(&atlas), -ENOSPC);
	zassert_not_null(strstr(message, "CONFIG_WASM_STORE_FLOOR_COUNT"), "%s", message);
	zassert_ok(install(&steady_2), "%s", message);
	zassert_ok(install(&other_1), "%s", message);
}

ZTEST(store, test_what_has_changed_on_its_way_is_refused)
{
	static uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	struct zephyr_wasm_identity identity;
	size_t received;

	run(&steady_2);
	digest[0] = 1;
	zassert_ok(zephyr_wasm_store_begin(steady_3.size, digest, &received, message));
	zassert_true(zephyr_wasm_store_write(0, steady_3.bytes, steady_3.size, message) > 0);
	zassert_equal(zephyr_wasm_store_install(&identity, message), -EBADMSG, "%s", message);
	zassert_equal(version_of("steady"), 11);
	zassert_true(runs("steady"));
}

/* Has it keep a slot also when it has ended: the test has a pointer to it. */
static int hold_slot(void)
{
	struct zephyr_wasm_app *app;
	int result = zephyr_wasm_start(ZEPHYR_WASM_IMAGE(factory), &app);

	return result != 0 ? result : zephyr_wasm_wait(app, K_SECONDS(10), NULL);
}

ZTEST(store, test_a_board_without_a_free_slot_checks_on_the_app_s_own)
{
	BUILD_ASSERT(CONFIG_WASM_MAX_APPS == 3);
	zassert_ok(hold_slot());
	zassert_ok(hold_slot());
	run(&steady_1);
	/* All three are taken. */
	run(&steady_2);
	zassert_equal(version_of("steady"), 11);
	zassert_true(runs("steady"));
	/* If that has ended, its slot is free to be taken, and is. */
	(void)hold_slot();
	zassert_equal(install(&missing), -ENOMEM);
	zassert_not_null(strstr(message, "CONFIG_WASM_MAX_APPS"), "%s", message);
}

/* The flash fails behind its check. */
ZTEST(store, test_what_was_stopped_for_a_check_runs_on)
{
	struct zephyr_wasm_identity identity;

	zassert_ok(hold_slot());
	zassert_ok(hold_slot());
	run(&steady_1);
	zassert_ok(receive(&steady_2, 100, SIZE_MAX), "%s", message);
	flash_cut_after(0);
	zassert_equal(zephyr_wasm_store_install(&identity, message), -EIO, "%s", message);
	flash_cut_after(-1);
	zassert_true(runs("steady"));
	zassert_equal(version_of("steady"), 10);
}
