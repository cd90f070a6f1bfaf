/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two apps compute with floating-point numbers, and each keeps its own.
 */

#include "common.h"

ZEPHYR_WASM_IMAGE_DECLARE(floats_long);
ZEPHYR_WASM_IMAGE_DECLARE(floats_short);

static void expect_right(const struct zephyr_wasm_status *status)
{
	zassert_equal(status->end, ZEPHYR_WASM_END_RETURNED, "%s", status->message);
	zassert_equal(status->detail, 0, "%d numbers are not the app's", status->detail);
}

/* The urgent one begins wherever the other is in its loop. */
ZTEST(runtime, test_apps_keep_their_floating_point_registers)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;
	int interruptions = 0;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(floats_long), &app));
	while (true) {
		k_sleep(K_TICKS(1));
		zassert_ok(zephyr_wasm_status(app, &status));
		if (status.state == ZEPHYR_WASM_STATE_ENDED) {
			break;
		}
		run(ZEPHYR_WASM_IMAGE(floats_short), false, &status);
		expect_right(&status);
		interruptions++;
	}
	zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status));
	expect_right(&status);
	zassert_ok(zephyr_wasm_release(app));
	zassert_true(interruptions >= 10, "%d", interruptions);
}
