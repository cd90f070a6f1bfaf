/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every guest of tests/guests ends as it says, leaves nothing behind, and is not noticed by others.
 */

#include <string.h>

#include "common.h"

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

/* Some periods of the victim's. */
#define PERIODS K_MSEC(150)

ZEPHYR_WASM_IMAGE_DECLARE(victim);

void run(const struct zephyr_wasm_image *image, bool kill, struct zephyr_wasm_status *status)
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
	zassert_equal(status->held, 0, "%s: something outlives it", image->name);
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
	zassert_true(ARRAY_SIZE(guests) > 80);
	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		check(&guests[i]);
	}
}

ZEPHYR_WASM_IMAGE_DECLARE(exports);

/* The engine jumps over any guard of a stack that is too small for it to sort them. */
ZTEST(runtime, test_more_exports_than_the_stack_holds)
{
	static const struct guest few = {ZEPHYR_WASM_IMAGE(exports), ZEPHYR_WASM_END_REFUSED,
					 ZEPHYR_WASM_REFUSED_LIMITS,
					 "more exports than its stack has room to sort"};
	static const struct guest many = {ZEPHYR_WASM_IMAGE(exports), ZEPHYR_WASM_END_RETURNED, 0,
					  ""};

	check(CONFIG_WASM_APP_STACK_SIZE < CONFIG_WASM_APP_STACK_NEEDED_TO_SORT ? &few : &many);
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

/* Runs the victim beside whatever is done meanwhile: by how many microseconds it was late at worst.
 */
static int32_t lateness_beside(void (*meanwhile)(const struct guest *guest),
			       const struct guest *guest)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;
	const char *name = guest == NULL ? "nobody" : guest->image->name;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(victim), &app));
	k_sleep(PERIODS);
	if (meanwhile != NULL) {
		meanwhile(guest);
	}
	k_sleep(PERIODS);
	zassert_ok(zephyr_wasm_stop(app, ENOUGH));
	zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "beside %s: %s", name, status.message);
	zassert_true(status.detail >= 0, "beside %s: %d", name, status.detail);
	zassert_ok(zephyr_wasm_release(app));
	return status.detail;
}

/* An app of a higher priority keeps its period and its data, whoever is beside it. */
ZTEST(runtime, test_a_victim_does_not_notice)
{
	int32_t alone = lateness_beside(NULL, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		int32_t late = lateness_beside(check, &guests[i]);

		TC_PRINT("%-28s %6d us\n", guests[i].image->name, late - alone);
		/* Elsewhere, time is that of the machine, which has other things to do. */
		if (IS_ENABLED(CONFIG_QEMU_ICOUNT) || IS_ENABLED(CONFIG_ARCH_POSIX)) {
			zassert_true(late - alone <= k_ticks_to_us_ceil32(1),
				     "beside %s: %d us late", guests[i].image->name, late);
		}
	}
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
