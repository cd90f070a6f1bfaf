/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app has a sensor watched, whose value is set here.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

#include "test_sensor.h"

ZEPHYR_WASM_IMAGE_DECLARE(watcher);

/* The host API, as the Rust side calls it. */
int32_t zephyr_wasm_sensor_read(uint32_t sensor, uint32_t channel, int64_t *micro);
int32_t zephyr_wasm_sensor_watch(uint32_t sensor, uint32_t channel, uint32_t trigger, int64_t value,
				 uint32_t capacity);

/* In the order of the overlay, of wit/sensor.wit, and of rust/api/src/failure.rs, negative. */
#define PROBE         0
#define HIDDEN        1
#define SILENT        2
#define LIGHT         14
#define DATA_READY    1
#define BELOW         3
#define NOT_SUPPORTED -4

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

/* Kills the app, and has its slot free again. */
static void end_watcher(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_status status = {0};

	zassert_ok(zephyr_wasm_kill(app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(1), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_KILLED, "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
}

static void run_watcher(void)
{
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(watcher), &app));
	k_sleep(K_MSEC(200));
	end_watcher(app);
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

/* Drivers tell again at once as long as nobody has read what is new, on threads that no other
 * interrupts: who is to read it has its turn all the same. */
ZTEST(sensor, test_a_line_that_stays)
{
	const struct device *sensor = DEVICE_DT_GET(DT_NODELABEL(probe_model));
	int priority = k_thread_priority_get(k_current_get());
	struct zephyr_wasm_app *app;
	int calls;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(watcher), &app));
	for (int i = 0; i < 500 && !test_sensor_is_watched(sensor); i++) {
		k_sleep(K_MSEC(10));
	}
	zassert_true(test_sensor_is_watched(sensor));
	k_thread_priority_set(k_current_get(), K_PRIO_COOP(0));
	calls = test_sensor_insist(sensor, 1000);
	k_thread_priority_set(k_current_get(), priority);
	zassert_true(calls > 0 && calls < 1000, "it was told %d times", calls);
	end_watcher(app);
}

/* Who asks a driver that faults is ended, with the lock of all sensors. */
ZTEST(sensor, test_a_driver_that_faults)
{
	struct zephyr_wasm_status status = {0};
	struct zephyr_wasm_app *app;
	int64_t micro;

	test_sensor_break(DEVICE_DT_GET(DT_NODELABEL(probe_model)));
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(watcher), &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_FAULTED, "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
	zassert_ok(zephyr_wasm_sensor_read(PROBE, LIGHT, &micro));
}

/* Drivers assert that all they have is fetched at once. */
ZTEST(sensor, test_all_at_once)
{
	int64_t micro;

	test_sensor_set(DEVICE_DT_GET(DT_NODELABEL(silent_model)), 7);
	zassert_ok(zephyr_wasm_sensor_read(SILENT, LIGHT, &micro));
	zassert_equal(micro, 7000000);
}

/* Where no driver tells of a threshold, it is for something else; and some are the firmware's. */
ZTEST(sensor, test_no_threshold_of_what_has_no_trigger)
{
	for (uint32_t trigger = DATA_READY; trigger <= BELOW; trigger++) {
		zassert_equal(zephyr_wasm_sensor_watch(HIDDEN, LIGHT, trigger, 0, 1),
			      NOT_SUPPORTED);
		zassert_equal(zephyr_wasm_sensor_watch(SILENT, LIGHT, trigger, 0, 1),
			      NOT_SUPPORTED);
	}
	zassert_equal(test_sensor_thresholds(DEVICE_DT_GET(DT_NODELABEL(hidden_model))), 0);
	zassert_equal(test_sensor_thresholds(DEVICE_DT_GET(DT_NODELABEL(silent_model))), 0);
}

ZTEST_SUITE(sensor, NULL, NULL, NULL, NULL, NULL);
