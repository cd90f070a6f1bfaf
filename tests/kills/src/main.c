/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app is killed in every function of every host API, at many places of each, over drivers that
 * sleep with a lock held: none of the locks is left behind, and what it held is given back. A
 * driver that does not come back from closing keeps no other app from ending.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/zephyr_wasm.h>

#include "slow.h"

ZEPHYR_WASM_IMAGE_DECLARE(caller);
ZEPHYR_WASM_IMAGE_DECLARE(returns);

/* In the order of caller/src/lib.rs. */
static const struct {
	const char *name;
	/* Whether it reaches a slow driver, or firmware. */
	bool is_slow;
} calls[] = {
	{"gpio line.input, drop", true},
	{"gpio line.output, drop", true},
	{"gpio line.read", true},
	{"gpio line.write", true},
	{"gpio line.wait", true},
	{"sensor sensor.open, drop", false},
	{"sensor sensor.read", true},
	{"sensor names", false},
	{"sensor channels", true},
	{"sensor samples.watch data-ready, drop", true},
	{"sensor samples.watch above, drop", true},
	{"sensor samples.watch period, next, lost", true},
	{"i2c open, read", true},
	{"i2c write", true},
	{"i2c write-read", true},
	{"spi open, read", true},
	{"spi write", true},
	{"spi transfer", true},
	{"adc read", true},
	{"pwm open, drop", true},
	{"pwm set", true},
	{"uart open, drop", true},
	{"uart set-baud-rate", true},
	{"uart write", true},
	{"uart read, lost", true},
	{"storage get", true},
	{"storage set", true},
	{"storage delete", true},
	{"storage list-keys", true},
	{"message publish", true},
	{"message request", true},
	{"message respond", false},
	{"message receive", false},
	{"message lost", false},
	{"timer one-shot, wait", false},
	{"timer periodic, expired, cancel", false},
	{"clocks wait-for", false},
	{"clocks now, wait-until", false},
	{"random", false},
	{"log", false},
	{"lifecycle", false},
	{"clocks wait-for, with a line open", true},
};

/* Firmware that is as slow as a driver. */
static void listen(const struct zephyr_wasm_message *message)
{
	ARG_UNUSED(message);
	(void)slow_transfer();
}

ZEPHYR_WASM_LISTENER_DEFINE(listener, "kills/listener", listen);

/* Has an app make a host call, over and over. */
static struct zephyr_wasm_app *begin(uint8_t kind)
{
	struct zephyr_wasm_status status = {0};
	struct zephyr_wasm_app *app;
	int receivers = 0;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(caller), &app));
	for (int tries = 0; tries < 1000 && receivers == 0; tries++) {
		k_sleep(K_MSEC(1));
		receivers = zephyr_wasm_publish("kills/kind", &kind, sizeof(kind));
	}
	(void)zephyr_wasm_status(app, &status);
	zassert_equal(receivers, 1, "%s: %d: %s", calls[kind].name, receivers, status.message);
	return app;
}

static void finish(struct zephyr_wasm_app *app, const char *name)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(2), &status), "%s: is not reaped", name);
	zassert_equal(status.end, ZEPHYR_WASM_END_KILLED, "%s: %s", name, status.message);
	zassert_equal(status.held, 0, "%s: holds %u", name, (unsigned int)status.held);
	zassert_ok(zephyr_wasm_release(app));
}

/* Waits until an app that has just begun has made that many transfers. */
static void wait_for_transfers(uint32_t before, uint32_t count)
{
	for (int tries = 0; tries < 2000 && slow_transfers() - before < count; tries++) {
		k_sleep(K_MSEC(1));
	}
	zassert_true(slow_transfers() - before >= count, "the driver is not reached");
}

ZTEST(kills, test_no_lock_is_left)
{
	for (uint8_t kind = 0; kind < ARRAY_SIZE(calls); kind++) {
		const char *name = calls[kind].name;

		/* At another place of what takes 0.7 ms and more each time. */
		for (int round = 0; round < ROUNDS; round++) {
			uint32_t before = slow_transfers();
			struct zephyr_wasm_app *app = begin(kind);

			if (calls[kind].is_slow) {
				wait_for_transfers(before, 1);
			}
			k_sleep(K_USEC(300 * round));
			zassert_ok(zephyr_wasm_kill(app));
			finish(app, name);
			zassert_true(slow_is_free(), "%s: a driver's lock is left", name);
		}
		TC_PRINT("%s: killed %d times\n", name, ROUNDS);
	}
}

static void on_the_system_queue(struct k_work *work)
{
	ARG_UNUSED(work);
}

ZTEST(kills, test_a_driver_that_does_not_come_back)
{
	uint32_t before = slow_transfers();
	struct zephyr_wasm_app *stuck = begin(3);
	struct zephyr_wasm_app *other;
	struct zephyr_wasm_status status;
	struct k_work_sync sync;
	struct k_work work;

	/* Its line is open, and closing that is a transfer: what it is in, or that, is stuck. */
	wait_for_transfers(before, 5);
	slow_get_stuck(true);
	zassert_ok(zephyr_wasm_kill(stuck));
	zassert_equal(zephyr_wasm_wait(stuck, K_MSEC(200), NULL), -EAGAIN);

	/* The queue of the system, and the ends of others, go on. */
	k_work_init(&work, on_the_system_queue);
	(void)k_work_submit(&work);
	(void)k_work_flush(&work, &sync);
	for (int round = 0; round < 3; round++) {
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(returns), &other));
		zassert_ok(zephyr_wasm_wait(other, K_SECONDS(2), &status));
		zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
		zassert_ok(zephyr_wasm_release(other));
	}
	slow_get_stuck(false);
	finish(stuck, "stuck");
	zassert_true(slow_is_free());
}

/* The same, where it is closing that is stuck, and nothing before. */
ZTEST(kills, test_a_close_that_does_not_come_back)
{
	/* It waits for a timer, with a line open. */
	uint32_t before = slow_transfers();
	struct zephyr_wasm_app *stuck = begin(41);
	struct zephyr_wasm_app *other;

	/* To set the line up, and to look at it. */
	wait_for_transfers(before, 2);
	k_sleep(K_MSEC(20));
	slow_get_stuck(true);
	zassert_ok(zephyr_wasm_kill(stuck));
	zassert_equal(zephyr_wasm_wait(stuck, K_MSEC(200), NULL), -EAGAIN);
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(returns), &other));
	zassert_ok(zephyr_wasm_wait(other, K_SECONDS(2), NULL));
	zassert_ok(zephyr_wasm_release(other));
	slow_get_stuck(false);
	finish(stuck, "stuck");
	zassert_true(slow_is_free());
}

ZTEST_SUITE(kills, NULL, NULL, NULL, NULL, NULL);
