/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app has a sensor watched, whose value is set here.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

#include "test_sensor.h"

ZEPHYR_WASM_IMAGE_DECLARE(watcher);

ZTEST(sensor, test_streams)
{
	const struct device *sensor = DEVICE_DT_GET(DT_NODELABEL(probe_model));
	struct zephyr_wasm_status status = {0};
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(watcher), &app));
	for (int lux = 0; zephyr_wasm_wait(app, K_MSEC(20), &status) == -EAGAIN; lux++) {
		test_sensor_set(sensor, lux % 200);
		zassert_true(lux < 2000, "the app does not end");
	}
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(status.detail, 0, "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
}

/* Runs the app for a while, kills it, and has its slot free again. */
static void run_watcher(void)
{
	struct zephyr_wasm_status status = {0};
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(watcher), &app));
	k_sleep(K_MSEC(200));
	zassert_ok(zephyr_wasm_kill(app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(1), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_KILLED, "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
}

/* A kill stops the streams, and another app may have the trigger. */
ZTEST(sensor, test_kill)
{
	const struct device *sensor = DEVICE_DT_GET(DT_NODELABEL(probe_model));

	for (int round = 0; round < 3; round++) {
		run_watcher();
		/* Nobody is called any more. */
		test_sensor_set(sensor, round);
	}
}

/* Drivers log what they are asked for in vain: an app that goes on asking asks no driver. */
ZTEST(sensor, test_what_is_not_measured)
{
	const struct device *sensor = DEVICE_DT_GET(DT_NODELABEL(probe_model));
	int before = test_sensor_refusals(sensor);

	for (int round = 0; round < 3; round++) {
		run_watcher();
	}
	/* Each of 23 channels, by itself and with all; again where another minute has begun. */
	zassert_true(test_sensor_refusals(sensor) - before <= 2 * 2 * 23);
}

ZTEST_SUITE(sensor, NULL, NULL, NULL, NULL, NULL);
