/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Uploads that stall, come twice, lie, or lose their power.
 */

#include <string.h>

#include "store/store.h"
#include "zephyr_wasm_declared.h"

#include "common.h"

static uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
static size_t received;

static int begin(const struct file *file)
{
	zephyr_wasm_rs_digest(file->bytes, file->size, digest);
	return zephyr_wasm_store_begin(file->size, digest, &received, message);
}

ZTEST(store, test_parts_of_any_size_are_one_file)
{
	static const size_t parts[] = {1, 7, 31, 32, 33, 128, 1000};
	struct zephyr_wasm_identity identity;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		wipe();
		zassert_ok(receive(&steady_1, parts[i], SIZE_MAX), "%s", message);
		zassert_ok(zephyr_wasm_store_install(&identity, message), "%s", message);
	}
}

ZTEST(store, test_an_upload_goes_on_where_it_was)
{
	zassert_ok(receive(&steady_1, 50, 333));
	zassert_ok(begin(&steady_1));
	zassert_equal(received, 333);
	run(&steady_1);
	/* All of it is here. */
	zassert_ok(begin(&steady_1));
	zassert_equal(received, steady_1.size);
}

ZTEST(store, test_an_upload_goes_on_after_a_loss_of_power)
{
	/* Two blocks, and a part of the third. */
	zassert_ok(receive(&atlas, 50, 2100));
	reboot();
	zassert_ok(begin(&atlas));
	zassert_equal(received, 2048, "%u", (unsigned int)received);
	run(&atlas);
	/* Of a block that nobody knows how far it has come, nothing is believed. */
	wipe();
	zassert_ok(receive(&steady_1, 50, 333));
	reboot();
	zassert_ok(begin(&steady_1));
	zassert_equal(received, 0, "%u", (unsigned int)received);
	run(&steady_1);
}

ZTEST(store, test_a_part_that_does_not_follow_is_refused)
{
	zassert_ok(receive(&steady_1, 50, 100));
	zassert_equal(zephyr_wasm_store_write(50, steady_1.bytes, 50, message), -ESPIPE);
	zassert_equal(zephyr_wasm_store_write(150, steady_1.bytes, 50, message), -ESPIPE);
	zassert_equal(zephyr_wasm_store_write(SIZE_MAX, steady_1.bytes, 50, message), -ESPIPE);
	run(&steady_1);
}

ZTEST(store, test_more_than_was_announced_is_refused)
{
	zassert_ok(receive(&steady_1, 50, 100));
	zassert_equal(zephyr_wasm_store_write(100, steady_1.bytes, steady_1.size, message), -EFBIG);
	run(&steady_1);
}

ZTEST(store, test_less_than_was_announced_is_not_installed)
{
	struct zephyr_wasm_identity identity;

	zassert_equal(zephyr_wasm_store_install(&identity, message), -ESRCH);
	zassert_equal(zephyr_wasm_store_write(0, steady_1.bytes, 1, message), -ESRCH);
	zassert_ok(receive(&steady_1, 50, 100));
	zassert_equal(zephyr_wasm_store_install(&identity, message), -ESRCH);
}

ZTEST(store, test_an_upload_of_an_unknown_digest)
{
	struct zephyr_wasm_identity identity;

	zassert_ok(zephyr_wasm_store_begin(steady_1.size, NULL, &received, message), "%s", message);
	zassert_equal(received, 0);
	zassert_equal(zephyr_wasm_store_write(0, steady_1.bytes, steady_1.size, message),
		      steady_1.size);
	zassert_ok(zephyr_wasm_store_install(&identity, message), "%s", message);
	reboot();
	zassert_equal(version_of("steady"), 10);
	/* It is known by now. */
	zassert_ok(begin(&steady_1));
	zassert_equal(received, steady_1.size);
}

ZTEST(store, test_another_upload_waits_until_one_has_stalled)
{
	zassert_ok(receive(&steady_1, 50, 100));
	zassert_equal(begin(&other_1), -EBUSY);
	zassert_ok(receive(&steady_1, 50, 200));
	k_sleep(K_MSEC(1100));
	run(&other_1);
	/* The first has not lost what had come. */
	run(&steady_1);
}

ZTEST(store, test_what_cannot_be_is_refused)
{
	zassert_equal(zephyr_wasm_store_begin(0, digest, &received, message), -EINVAL);
	zassert_equal(zephyr_wasm_store_begin(FLASH_SIZE, digest, &received, message), -ENOSPC);
	zassert_equal(zephyr_wasm_store_begin(SIZE_MAX, digest, &received, message), -ENOSPC);
	zassert_equal(zephyr_wasm_store_begin(UINT32_MAX - 255, digest, &received, message),
		      -ENOSPC);
	zassert_not_null(strstr(message, "wasm_partition"));
}

ZTEST(store, test_a_full_store_gives_up_what_it_can)
{
	run(&other_1);
	run(&steady_1);
	run(&steady_2);
	zassert_ok(zephyr_wasm_store_confirm("steady", message));
	/* All that is free. */
	zassert_ok(zephyr_wasm_store_begin(zephyr_wasm_store_free(), digest, &received, message));
	zassert_equal(zephyr_wasm_store_free(), 0);
	zephyr_wasm_upload_forget();
	/* An upload that nobody goes on with, and then the version to go back to. */
	run(&other_2);
	zassert_equal(version_of("steady"), 11);
	zassert_equal(version_of("other"), 2);
	/* What runs is not given up. */
	zassert_equal(zephyr_wasm_store_begin(FLASH_SIZE - 4096, digest, &received, message),
		      -ENOSPC);
	zassert_true(runs("steady") && runs("other"));
}

/* Whatever is announced that would not fit with all of it gone. */
ZTEST(store, test_nothing_is_given_up_in_vain)
{
	size_t before, room, taken;

	run(&steady_1);
	room = zephyr_wasm_store_free();
	run(&steady_2);
	taken = room - zephyr_wasm_store_free();
	zassert_ok(zephyr_wasm_store_confirm("steady", message));
	zassert_ok(receive(&other_1, 50, 100));
	zephyr_wasm_upload_forget();
	before = zephyr_wasm_store_free();

	const size_t sizes[] = {SIZE_MAX, FLASH_SIZE, FLASH_FREE + 1,
				/* What runs stays. */
				FLASH_FREE, FLASH_FREE - taken + 1,
				/* It is in the middle: in one piece, there is less than that. */
				FLASH_FREE - taken};

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		zassert_equal(zephyr_wasm_store_begin(sizes[i], digest, &received, message),
			      -ENOSPC, "%u", (unsigned int)sizes[i]);
		zassert_equal(zephyr_wasm_store_free(), before, "%u", (unsigned int)sizes[i]);
	}
	zassert_not_null(strstr(message, "CONFIG_WASM_STORE_ENTRY_COUNT)"), "%s", message);
	/* What has come of another app is still here, and so is the version to go back to. */
	zassert_ok(begin(&other_1));
	zassert_equal(zephyr_wasm_store_free(), before);
	zephyr_wasm_upload_forget();
	zassert_ok(zephyr_wasm_store_rollback("steady", message), "%s", message);
	zassert_equal(version_of("steady"), 10);
}
