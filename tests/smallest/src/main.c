/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A Cortex-M0 with 16 KiB of RAM: apps end there as they do elsewhere, one after the other. No
 * hardware watches over their stacks.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

struct guest {
	const struct zephyr_wasm_image *image;
	enum zephyr_wasm_end end;
	int32_t detail;
};

#define GUEST(name, end, detail) ZEPHYR_WASM_IMAGE_DECLARE(name);
#include "guests.inc"
#undef GUEST

#define GUEST(name, end, detail) {ZEPHYR_WASM_IMAGE(name), end, detail},
static const struct guest guests[] = {
#include "guests.inc"
};
#undef GUEST

/* Long enough for an app to be where it stays. */
#define SETTLE K_MSEC(50)
#define ENOUGH K_SECONDS(10)

/* What has to be left of an app's stack, in bytes. */
#define LEFT 64

static void check(const struct guest *guest)
{
	const char *name = guest->image->name;
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_start(guest->image, &app), "%s: not started", name);
	if (guest->end == ZEPHYR_WASM_END_KILLED) {
		k_sleep(SETTLE);
		zassert_ok(zephyr_wasm_kill(app));
	}
	zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status), "%s: has not ended", name);
	zassert_equal(status.end, guest->end, "%s: end %d: %s", name, status.end, status.message);
	zassert_equal(status.detail, guest->detail, "%s: detail %d: %s", name, status.detail,
		      status.message);
	zassert_equal(status.held, 0, "%s: something outlives it", name);
	TC_PRINT("%s: %d bytes of its stack\n", name, (int)status.stack_peak);
	zassert_true(status.stack_peak > 0);
	zassert_true(status.stack_peak + LEFT <= CONFIG_WASM_APP_STACK_SIZE, "%s", name);
	zassert_ok(zephyr_wasm_release(app));
}

/* Twice: nothing that one left is in the way of another. */
ZTEST(smallest, test_every_guest_ends_as_it_says)
{
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
			check(&guests[i]);
		}
	}
}

ZTEST_SUITE(smallest, NULL, NULL, NULL, NULL, NULL);
