/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every guest of tests/guests ends as it says, and leaves nothing behind.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

struct guest {
	const struct zephyr_wasm_image *image;
	enum zephyr_wasm_end end;
	int32_t detail;
	const char *message;
};

#define GUEST(name, end, detail, message) ZEPHYR_WASM_IMAGE_DECLARE(name);
#include "guests.inc"
#undef GUEST

#define GUEST(name, end, detail, message) {ZEPHYR_WASM_IMAGE(name), end, detail, message},
static const struct guest guests[] = {
#include "guests.inc"
};
#undef GUEST

/* Long enough for an app to be where it stays. */
#define SETTLE K_MSEC(50)
#define ENOUGH K_SECONDS(10)

static void run(const struct zephyr_wasm_image *image, bool kill, struct zephyr_wasm_status *status)
{
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(image, &app), "%s: not started", image->name);
	if (kill) {
		k_sleep(SETTLE);
		zassert_ok(zephyr_wasm_status(app, status));
		zassert_equal(status->state, ZEPHYR_WASM_STATE_RUNNING, "%s: state %d, %s",
			      image->name, status->state, status->message);
		zassert_equal(zephyr_wasm_release(app), -EBUSY);
		zassert_ok(zephyr_wasm_kill(app));
	}
	zassert_ok(zephyr_wasm_wait(app, ENOUGH, status), "%s: has not ended", image->name);
	zassert_equal(status->state, ZEPHYR_WASM_STATE_ENDED);
	zassert_ok(zephyr_wasm_kill(app), "killing what has ended is no error");
	zassert_ok(zephyr_wasm_release(app));
	zassert_equal(zephyr_wasm_release(app), -EINVAL);
}

static void check(const struct guest *guest)
{
	struct zephyr_wasm_status status;

	run(guest->image, guest->end == ZEPHYR_WASM_END_KILLED, &status);
	zassert_equal(status.end, guest->end, "%s: end %d: %s", guest->image->name, status.end,
		      status.message);
	zassert_equal(status.detail, guest->detail, "%s: detail %d: %s", guest->image->name,
		      status.detail, status.message);
	zassert_not_null(strstr(status.message, guest->message), "%s: \"%s\"", guest->image->name,
			 status.message);
}

ZTEST(runtime, test_every_guest_ends_as_it_says)
{
	zassert_true(ARRAY_SIZE(guests) > 30);
	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		check(&guests[i]);
	}
}

/* Twice through all of them: nothing that one left is in the way of another. */
ZTEST(runtime, test_again_beside_one_that_spins)
{
	struct zephyr_wasm_image background = *ZEPHYR_WASM_IMAGE(spins);
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	background.priority = K_LOWEST_APPLICATION_THREAD_PRIO;
	zassert_ok(zephyr_wasm_start(&background, &app));
	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		check(&guests[i]);
	}
	zassert_ok(zephyr_wasm_status(app, &status));
	zassert_equal(status.state, ZEPHYR_WASM_STATE_RUNNING, "it did not notice");
	zassert_ok(zephyr_wasm_kill(app));
	zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_KILLED);
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST(runtime, test_a_shortened_module_is_refused)
{
	const struct zephyr_wasm_image *whole = ZEPHYR_WASM_IMAGE(violates_dropped_handle);
	struct zephyr_wasm_status status;

	for (size_t size = 0; size < whole->size; size += MIN(7, whole->size - size)) {
		struct zephyr_wasm_image image = *whole;

		image.size = size;
		image.validated = false;
		run(&image, false, &status);
		zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "%d bytes: %s", (int)size,
			      status.message);
		zassert_not_equal(status.message[0], '\0');
	}
}

static void refuse(const uint8_t *wasm, size_t size, enum zephyr_wasm_refusal refusal,
		   const char *message)
{
	const struct zephyr_wasm_image image = {
		.name = "file", .wasm = wasm, .size = size, .priority = 5};
	struct zephyr_wasm_status status;

	run(&image, false, &status);
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED);
	zassert_equal(status.detail, refusal, "%d: %s", status.detail, status.message);
	zassert_not_null(strstr(status.message, message), "\"%s\"", status.message);
}

ZTEST(runtime, test_other_files_are_refused)
{
	static const uint8_t elf[] = "\177ELF\1\1\1";
	static const uint8_t version[] = {0, 'a', 's', 'm', 2, 0, 0, 0};
	static const uint8_t component[] = {0, 'a', 's', 'm', 13, 0, 1, 0};
	static const uint8_t cut[] = {0, 'a', 's',  'm',  1,    0,    0,
				      0, 10,  0xff, 0xff, 0xff, 0xff, 0x0f};
	static const uint8_t empty[] = {0, 'a', 's', 'm', 1, 0, 0, 0};

	refuse(elf, sizeof(elf), ZEPHYR_WASM_REFUSED_NOT_WASM, "does not begin with \\0asm");
	refuse(version, sizeof(version), ZEPHYR_WASM_REFUSED_VERSION, "unknown version");
	refuse(component, sizeof(component), ZEPHYR_WASM_REFUSED_COMPONENT, "zephyr-wasm pack");
	refuse(cut, sizeof(cut), ZEPHYR_WASM_REFUSED_TRUNCATED, "goes beyond the file's 14 bytes");
	if (IS_ENABLED(CONFIG_WASM_VALIDATE)) {
		refuse(empty, sizeof(empty), ZEPHYR_WASM_REFUSED_NO_RUN, "does not export");
	} else {
		refuse(empty, sizeof(empty), ZEPHYR_WASM_REFUSED_UNVALIDATED,
		       "CONFIG_WASM_VALIDATE=y");
	}
}

ZTEST(runtime, test_slots_are_limited)
{
	struct zephyr_wasm_app *apps[CONFIG_WASM_MAX_APPS];
	struct zephyr_wasm_app *other;

	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(sleeps), &apps[i]));
	}
	zassert_equal(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(sleeps), &other), -ENOMEM);
	zassert_equal(zephyr_wasm_find("sleeps"), apps[0]);
	zassert_equal(zephyr_wasm_wait(apps[0], K_MSEC(20), NULL), -EAGAIN);
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		zassert_ok(zephyr_wasm_kill(apps[i]));
		zassert_ok(zephyr_wasm_wait(apps[i], ENOUGH, NULL));
		zassert_ok(zephyr_wasm_wait(apps[i], K_NO_WAIT, NULL), "a second one who waits");
		zassert_ok(zephyr_wasm_release(apps[i]));
	}
	zassert_is_null(zephyr_wasm_find("sleeps"));
	zassert_equal(zephyr_wasm_start(NULL, NULL), -EINVAL);
	zassert_equal(zephyr_wasm_kill(NULL), -EINVAL);
}

ZTEST_SUITE(runtime, NULL, NULL, NULL, NULL, NULL);
