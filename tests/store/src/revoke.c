/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keys that are trusted no longer.
 */

#include <string.h>

#include <zephyr/sys/util.h>
#ifdef CONFIG_WASM_WASI_FILES
#include <ff.h>
#include <zephyr/fs/fs.h>
#endif

#include "core/app.h"
#include "core/images.h"
#include "core/slots.h"
#include "store/store.h"

#include "common.h"

/* What `zephyr-wasm revoke` has made: <revoked>_by_<signer>. */
static const char added_by_trusted[] =
#include "added_by_trusted.inc"
	;
static const char trusted_by_added[] =
#include "trusted_by_added.inc"
	;
static const char added_by_foreign[] =
#include "added_by_foreign.inc"
	;
static const char foreign_by_trusted[] =
#include "foreign_by_trusted.inc"
	;

static uint8_t before[FLASH_SIZE];

static int revoke(const char *hex)
{
	uint8_t request[ZEPHYR_WASM_REVOCATION_SIZE];
	size_t size = hex2bin(hex, strlen(hex), request, sizeof(request));

	return zephyr_wasm_store_revoke(request, size, message);
}

static void update_by_another_key(void)
{
	run(&steady_1);
	run(&steady_3);
	zassert_ok(zephyr_wasm_store_confirm("steady", message), "%s", message);
}

ZTEST(store, test_what_a_revoked_key_has_signed_gives_way)
{
	run(&other_1);
	update_by_another_key();
	zassert_equal(version_of("steady"), 20);
	zassert_ok(revoke(added_by_trusted), "%s", message);
	zassert_equal(version_of("steady"), 10);
	zassert_true(runs("steady") && runs("other"));
	/* Once more is no error, and neither a reset nor an upload brings it back. */
	zassert_ok(revoke(added_by_trusted), "%s", message);
	reboot();
	zassert_equal(zephyr_wasm_start_all(), 3);
	zassert_equal(version_of("steady"), 10);
	zassert_true(runs("steady") && runs("other"));
	zassert_equal(install(&steady_3), -EACCES, "%s", message);
	zassert_not_null(strstr(message, "revoked"), "%s", message);
	/* Nor does it speak for itself. */
	reboot();
	zassert_equal(revoke(trusted_by_added), -EACCES, "%s", message);
	zassert_ok(install(&other_2), "%s", message);
}

/* How many slots run an app of a version. */
static size_t count_running(const uint8_t *wasm)
{
	size_t count = 0;

	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		count += app->image->wasm == wasm && app->state != ZEPHYR_WASM_STATE_ENDED;
	}
	return count;
}

/* It runs twice. */
ZTEST(store, test_all_that_runs_of_a_revoked_key_ends)
{
	const struct zephyr_wasm_image *image;

	update_by_another_key();
	image = zephyr_wasm_find_image("steady");
	zassert_ok(zephyr_wasm_start(image, NULL));
	zassert_equal(count_running(image->wasm), 2);
	zassert_ok(revoke(added_by_trusted), "%s", message);
	zassert_equal(count_running(image->wasm), 0);
	zassert_equal(version_of("steady"), 10);
	zassert_true(runs("steady"));
}

/* It runs, and a version by another key that is installed is not started yet. */
ZTEST(store, test_what_is_replaced_and_still_runs_ends_with_its_key)
{
	const uint8_t *wasm;

	run(&steady_1);
	wasm = zephyr_wasm_find_image("steady")->wasm;
	zassert_ok(install(&steady_3), "%s", message);
	zassert_equal(count_running(wasm), 1);
	zassert_ok(revoke(trusted_by_added), "%s", message);
	zassert_equal(count_running(wasm), 0);
	zassert_equal(version_of("steady"), 20);
	zassert_true(runs("steady"));
	/* Nor is there anything to go back to. */
	zassert_equal(zephyr_wasm_store_rollback("steady", message), -ENOENT, "%s", message);
	reboot();
	zassert_equal(zephyr_wasm_store_rollback("steady", message), -ENOENT, "%s", message);
	zassert_equal(version_of("steady"), 20);
}

#ifdef CONFIG_WASM_WASI_FILES
static FATFS fat;
static struct fs_mount_t card = {.type = FS_FATFS, .mnt_point = "/RAM:", .fs_data = &fat};

/* Which the store does not have. */
ZTEST(store, test_a_program_in_a_file_ends_with_its_key)
{
	static const struct zephyr_wasm_image program = {
		.name = "program",
		.path = "/RAM:/program.wasm",
		.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
	};
	static struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;
	struct fs_file_t file;

	zassert_ok(fs_mount(&card));
	fs_file_t_init(&file);
	zassert_ok(fs_open(&file, program.path, FS_O_CREATE | FS_O_WRITE));
	zassert_equal(fs_write(&file, steady_3.bytes, steady_3.size), (ssize_t)steady_3.size);
	zassert_ok(fs_close(&file));
	zassert_ok(zephyr_wasm_start(&program, &app));
	zassert_equal(zephyr_wasm_wait(app, K_MSEC(300), &status), -EAGAIN, "%s", status.message);
	zassert_ok(revoke(added_by_trusted), "%s", message);
	zassert_ok(zephyr_wasm_wait(app, K_MSEC(100), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_KILLED, "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
	zassert_ok(zephyr_wasm_start(&program, &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "%s", status.message);
	zassert_not_null(strstr(status.message, "revoked"), "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
	zassert_ok(fs_unmount(&card));
}
#endif

/* How a copy of what can be started of a name ends, as firmware could make one. */
static void run_copy(const char *name, struct zephyr_wasm_status *status)
{
	struct zephyr_wasm_image copy = *zephyr_wasm_find_image(name);
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(&copy, &app));
	if (zephyr_wasm_wait(app, K_MSEC(300), status) != 0) {
		/* What it runs stays as long as it does. */
		zassert_true(zephyr_wasm_entry_is_used(zephyr_wasm_entry_current(name)));
		zassert_ok(zephyr_wasm_kill(app));
		zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), status));
	}
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST(store, test_a_copy_of_an_image_is_checked_like_itself)
{
	static struct zephyr_wasm_status status;

	zassert_ok(install(&steady_3), "%s", message);
	run_copy("steady", &status);
	zassert_equal(status.end, ZEPHYR_WASM_END_KILLED, "%s", status.message);
	zassert_ok(revoke(added_by_trusted), "%s", message);
	run_copy("steady", &status);
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "%s", status.message);
	zassert_not_null(strstr(status.message, "revoked"), "%s", status.message);
}

/* Where that was, anybody may have brought something since. */
ZTEST(store, test_a_copy_of_an_image_that_is_gone_runs_nothing)
{
	static uint8_t bytes[4096];
	static struct zephyr_wasm_status status;
	struct file forged = {.bytes = bytes, .size = steady_1.size};
	size_t used = unsigned_app.size;
	struct zephyr_wasm_image copy;
	struct zephyr_wasm_app *app;

	zassert_ok(install(&steady_1), "%s", message);
	copy = *zephyr_wasm_find_image("steady");
	zassert_ok(zephyr_wasm_store_erase("steady", message), "%s", message);
	/* What nobody has signed, as long as that by a section that nobody reads. */
	zassert_true(used + 2 < forged.size && forged.size - used < 128 &&
		     forged.size <= sizeof(bytes));
	memcpy(bytes, unsigned_app.bytes, used);
	bytes[used + 1] = (uint8_t)(forged.size - used - 2);
	zassert_ok(receive(&forged, 100, SIZE_MAX), "%s", message);
	if (!IS_ENABLED(CONFIG_WASM_STORE_COPY)) {
		zassert_mem_equal(copy.wasm, bytes, forged.size);
	}
	zassert_ok(zephyr_wasm_start(&copy, &app));
	if (zephyr_wasm_wait(app, K_MSEC(300), &status) != 0) {
		zassert_ok(zephyr_wasm_kill(app));
		zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	}
	zassert_ok(zephyr_wasm_release(app));
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "%d: %s", status.end, status.message);
	zassert_equal(status.detail, ZEPHYR_WASM_REFUSED_FILE, "%s", status.message);
}

static const struct zephyr_wasm_image *about_to_go;
static int started;

static void start_it(void)
{
	started = zephyr_wasm_start(about_to_go, NULL);
}

/* Somebody has found its image, and starts it as its blocks are being erased. */
ZTEST(store, test_what_is_being_erased_is_not_started)
{
	run(&steady_1);
	run(&other_1);
	about_to_go = zephyr_wasm_find_image("steady");
	zassert_not_null(about_to_go);
	started = 1;
	flash_on_erase(start_it);
	zassert_ok(zephyr_wasm_store_erase("steady", message), "%s", message);
	flash_on_erase(NULL);
	zassert_equal(started, -EINVAL, "%d", started);
	zassert_is_null(zephyr_wasm_find("steady"));
}

/* Somebody has found its image, and shows its name as another file has its place. */
ZTEST(store, test_what_was_erased_has_a_name)
{
	const struct zephyr_wasm_image *image;

	zassert_ok(install(&steady_1), "%s", message);
	image = zephyr_wasm_find_image("steady");
	zassert_not_null(image);
	zassert_ok(zephyr_wasm_store_erase("steady", message), "%s", message);
	zassert_ok(receive(&other_1, 100, 100), "%s", message);
	zassert_is_null(image->wasm);
	zassert_not_null(image->name);
	zassert_equal(zephyr_wasm_start(image, NULL), -EINVAL);
}

ZTEST(store, test_a_key_is_revoked_by_another_of_the_image_s_only)
{
	static const uint8_t nothing[ZEPHYR_WASM_REVOCATION_SIZE];
	char changed[sizeof(added_by_trusted)];

	update_by_another_key();
	zassert_equal(revoke(added_by_foreign), -EACCES, "%s", message);
	zassert_not_null(strstr(message, "another key that this image trusts"), "%s", message);
	zassert_equal(revoke(foreign_by_trusted), -ENOENT, "%s", message);
	memcpy(changed, added_by_trusted, sizeof(changed));
	changed[150] = changed[150] == '0' ? '1' : '0';
	zassert_equal(revoke(changed), -EACCES, "%s", message);
	zassert_equal(revoke("00"), -EINVAL, "%s", message);
	zassert_equal(zephyr_wasm_store_revoke(nothing, sizeof(nothing) + 1, message), -EINVAL);
	zassert_equal(zephyr_wasm_store_revoke(nothing, sizeof(nothing), message), -EACCES);
	zassert_equal(version_of("steady"), 20);
	zassert_true(runs("steady"));
	reboot();
	zassert_equal(zephyr_wasm_start_all(), 2);
	zassert_equal(version_of("steady"), 20);
}

ZTEST(store, test_the_firmware_revokes_keys_until_the_journal_is_full)
{
	uint8_t key[ZEPHYR_WASM_KEY_SIZE] = {0};

	for (int i = 0; i < CONFIG_WASM_STORE_REVOKED_KEY_COUNT; i++) {
		key[0] = i;
		zassert_ok(zephyr_wasm_store_revoke_key(key, message), "%s", message);
	}
	key[0] = 0xff;
	zassert_equal(zephyr_wasm_store_revoke_key(key, message), -ENOSPC);
	zassert_not_null(strstr(message, "CONFIG_WASM_STORE_REVOKED_KEY_COUNT"), "%s", message);
	key[0] = 0;
	reboot();
	zassert_ok(zephyr_wasm_store_revoke_key(key, message), "%s", message);
}

/* As by firmware that had room for more of them. */
ZTEST(store, test_nobody_is_trusted_if_more_keys_are_revoked_than_there_is_room_for)
{
	struct record record = {.type = RECORD_REVOKED};

	run(&steady_1);
	zassert_ok(zephyr_wasm_store_change_begin(message));
	for (int i = 0; i <= CONFIG_WASM_STORE_REVOKED_KEY_COUNT; i++) {
		record.key[0] = i + 1;
		zassert_ok(zephyr_wasm_journal_write(&record));
	}
	zephyr_wasm_store_change_end();
	reboot();
	zassert_equal(install(&steady_2), -EACCES, "%s", message);
	/* Nor what was installed before. */
	(void)zephyr_wasm_start_all();
	zassert_equal(version_of("steady"), -1);
}

/* The power goes off at every step: the key is revoked or not, and what may run does. */
ZTEST(store, test_power_is_lost_as_a_key_is_revoked)
{
	bool is_done = false;
	int cut;

	update_by_another_key();
	reboot();
	memcpy(before, flash_bytes, sizeof(before));
	for (cut = 1; !is_done; cut += 4) {
		int result;

		memcpy(flash_bytes, before, sizeof(before));
		reboot();
		flash_cut_after(cut);
		result = revoke(added_by_trusted);
		is_done = !flash_is_cut();
		reboot();
		zassert_equal(zephyr_wasm_start_all(), 2, "cut %d", cut);
		zassert_true(runs("steady"), "cut %d", cut);
		zassert_true(version_of("steady") == 10 ||
				     (version_of("steady") == 20 && result != 0),
			     "cut %d: %d", cut, version_of("steady"));
	}
	zassert_equal(version_of("steady"), 10);
	zassert_true(cut > 60, "%d", cut);
}
