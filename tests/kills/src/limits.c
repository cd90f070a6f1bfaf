/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an app asks for is nobody else's loss, and as often as Kconfig and its manifest say.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/zephyr_wasm.h>

#include "slow.h"

ZEPHYR_WASM_IMAGE_DECLARE(asker);
ZEPHYR_WASM_IMAGE_DECLARE(caller);
ZEPHYR_WASM_IMAGE_DECLARE(limited);
ZEPHYR_WASM_IMAGE_DECLARE(radio);
ZEPHYR_WASM_IMAGE_DECLARE(radio_limited);

/* In the order of caller/src/checks.rs; and one of radio. */
enum check {
	KEEPS_ITS_NAME = 100,
	FORGETS_ITS_OWN,
	LOOKS_UP_IN_VAIN,
	LOOKS_UP,
	ASKS_IN_VAIN,
	ASKS,
	FETCHES_IN_VAIN,
	FETCHES,
	TIME_OF_REQUESTS,
	EXPIRIES,
	SAMPLES,
	WRITES,
	IS_REFUSED_BY_ADDRESS,
	TIME_OF_RADIO,
	FAILURES,
	TIME_OF_A_LIST,
};

static struct zephyr_wasm_app *begin(const struct zephyr_wasm_image *image, enum check check)
{
	uint8_t kind = (uint8_t)check;
	struct zephyr_wasm_app *app;
	int receivers = 0;

	zassert_ok(zephyr_wasm_start(image, &app));
	for (int tries = 0; tries < 5000 && receivers == 0; tries++) {
		k_sleep(K_MSEC(1));
		receivers = zephyr_wasm_publish("kills/kind", &kind, 1);
	}
	zassert_equal(receivers, 1, "%d", check);
	return app;
}

/* What it returns. */
static int32_t end_of(struct zephyr_wasm_app *app, enum check check)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(20), &status), "%d", check);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%d: %s", check, status.message);
	zassert_ok(zephyr_wasm_release(app));
	return status.detail;
}

static int32_t run(const struct zephyr_wasm_image *image, enum check check)
{
	return end_of(begin(image, check), check);
}

ZTEST(limits, test_names_of_others_stay)
{
	struct zephyr_wasm_app *app = begin(ZEPHYR_WASM_IMAGE(caller), KEEPS_ITS_NAME);

	k_sleep(K_MSEC(100));
	/* It looks up more than are remembered: the last one is, and the first one is not. */
	zassert_equal(run(ZEPHYR_WASM_IMAGE(asker), FORGETS_ITS_OWN), 2);
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), 1);
	zassert_equal(end_of(app, KEEPS_ITS_NAME), 1);
}

/* 10.0.0.evil.example.com is none of the addresses 10.0.0.* that are granted with a port. */
ZTEST(limits, test_a_name_is_no_address)
{
	zassert_equal(run(ZEPHYR_WASM_IMAGE(asker), IS_REFUSED_BY_ADDRESS), BIT(1));
}

/* While one app waits for who does not answer, the other one is served. */
static void check_beside(enum check in_vain, enum check check, int32_t expected)
{
	struct zephyr_wasm_app *other = begin(ZEPHYR_WASM_IMAGE(asker), in_vain);
	struct zephyr_wasm_status status;

	k_sleep(K_MSEC(20));
	zassert_equal(run(ZEPHYR_WASM_IMAGE(caller), check), expected, "%d", check);
	if (in_vain != LOOKS_UP_IN_VAIN) {
		zassert_ok(zephyr_wasm_status(other, &status));
		zassert_equal(status.end, ZEPHYR_WASM_END_NONE, "%d", in_vain);
	}
	(void)end_of(other, in_vain);
}

ZTEST(limits, test_a_look_up_waits_for_its_turn)
{
	check_beside(LOOKS_UP_IN_VAIN, LOOKS_UP, 0);
}

/* The kind of caller/src/net.rs that looks up, again and again, what nobody answers. */
#define LOOKS_UP_FOR_EVER 51

/* What its own look-up takes, behind one of each of them. */
#define MOST_LOOK_UPS_MS (4 * CONFIG_NET_SOCKETS_DNS_TIMEOUT)

/* Two apps that look up all the time keep none of a lower priority from its turn, nor does one that
 * is paused in the queue. */
ZTEST(limits, test_a_look_up_comes_in_order)
{
	struct zephyr_wasm_image urgent = *ZEPHYR_WASM_IMAGE(caller);
	struct zephyr_wasm_app *hostile[2];
	int64_t began;

	urgent.priority = CONFIG_WASM_APP_PRIORITY - 1;
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		hostile[i] = begin(&urgent, LOOKS_UP_FOR_EVER);
	}
	k_sleep(K_MSEC(100));
	began = k_uptime_get();
	zassert_equal(run(ZEPHYR_WASM_IMAGE(limited), LOOKS_UP), 0);
	zassert_true(k_uptime_delta(&began) < MOST_LOOK_UPS_MS);
	/* One of them waits, and its turn comes while it is halted: it is left out. */
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		zassert_ok(zephyr_wasm_pause(hostile[i]));
		began = k_uptime_get();
		zassert_equal(run(ZEPHYR_WASM_IMAGE(limited), LOOKS_UP), 0);
		zassert_true(k_uptime_delta(&began) < MOST_LOOK_UPS_MS);
		zassert_ok(zephyr_wasm_resume(hostile[i]));
	}
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		zassert_ok(zephyr_wasm_kill(hostile[i]));
		zassert_ok(zephyr_wasm_wait(hostile[i], K_SECONDS(3), NULL));
		zassert_ok(zephyr_wasm_release(hostile[i]));
	}
	/* Nothing of them is left in the queue. */
	began = k_uptime_get();
	zassert_equal(run(ZEPHYR_WASM_IMAGE(limited), LOOKS_UP), 0);
	zassert_true(k_uptime_delta(&began) < CONFIG_NET_SOCKETS_DNS_TIMEOUT);
}

/* The kind of caller/src/lib.rs that drives a line, again and again. */
#define DRIVES_A_LINE 3

/* One that computes without a pause keeps an app of a lower priority from ending its look-up, and
 * by that none of a higher priority from its own. */
ZTEST(limits, test_a_look_up_waits_for_none_that_computes)
{
	struct zephyr_wasm_image low = *ZEPHYR_WASM_IMAGE(caller);
	struct zephyr_wasm_image between = *ZEPHYR_WASM_IMAGE(caller);
	struct zephyr_wasm_image high = *ZEPHYR_WASM_IMAGE(limited);
	struct zephyr_wasm_app *apps[2];
	int64_t began;

	low.priority = CONFIG_WASM_APP_PRIORITY + 1;
	between.priority = CONFIG_WASM_APP_PRIORITY;
	high.priority = CONFIG_WASM_APP_PRIORITY - 1;
	apps[0] = begin(&low, LOOKS_UP_FOR_EVER);
	k_sleep(K_MSEC(100));
	slow_be_busy(true);
	apps[1] = begin(&between, DRIVES_A_LINE);
	k_sleep(K_MSEC(20));
	began = k_uptime_get();
	/* The servers here are kept from answering, too. */
	zassert_equal(run(&high, LOOKS_UP_IN_VAIN), 0);
	zassert_true(k_uptime_delta(&began) < MOST_LOOK_UPS_MS);
	slow_be_busy(false);
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		zassert_ok(zephyr_wasm_kill(apps[i]));
		zassert_ok(zephyr_wasm_wait(apps[i], K_SECONDS(3), NULL));
		zassert_ok(zephyr_wasm_release(apps[i]));
	}
}

ZTEST(limits, test_a_request_of_coap_has_a_place)
{
	check_beside(ASKS_IN_VAIN, ASKS, 205);
}

ZTEST(limits, test_a_request_of_http_has_a_place)
{
	check_beside(FETCHES_IN_VAIN, FETCHES, 200);
}

/* By Kconfig's defaults, and by a manifest. */
static const struct {
	enum check check;
	int32_t least;
	int32_t most;
	int32_t least_limited;
	int32_t most_limited;
	/* Not caller and limited. */
	const struct zephyr_wasm_image *image;
	const struct zephyr_wasm_image *limited;
} rates[] = {
	/* Ten times CONFIG_WASM_NET_INTERVAL_MS, or net-interval-ms. */
	{TIME_OF_REQUESTS, 100, 400, 2000, 2300},
	/* Times CONFIG_WASM_TIMER_PERIOD_MIN_US, or timer-period-us, in a second. */
	{EXPIRIES, 990, 1000, 9, 10},
	/* The same of CONFIG_WASM_SENSOR_PERIOD_MIN_US and sensor-period-us. */
	{SAMPLES, 300, 1000, 18, 21},
	/* Two or three times CONFIG_WASM_LOG_LINES_PER_SECOND and log-lines, as it begins within a
	 * second; and the one that waits as the time is over.
	 */
	{FAILURES, 200, 301, 20, 31},
	/* Ten times CONFIG_WASM_BLE_INTERVAL_MS, or ble-interval-ms. */
	{TIME_OF_RADIO, 100, 400, 2000, 2300, ZEPHYR_WASM_IMAGE(radio),
	 ZEPHYR_WASM_IMAGE(radio_limited)},
};

ZTEST(limits, test_rates)
{
	for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
		const struct zephyr_wasm_image *image = rates[i].image;
		const struct zephyr_wasm_image *slower = rates[i].limited;
		int32_t result =
			run(image != NULL ? image : ZEPHYR_WASM_IMAGE(caller), rates[i].check);
		int32_t limited =
			run(slower != NULL ? slower : ZEPHYR_WASM_IMAGE(limited), rates[i].check);

		TC_PRINT("%d: %d, limited by its manifest: %d\n", rates[i].check, result, limited);
		zassert_between_inclusive(result, rates[i].least, rates[i].most, "%d", result);
		zassert_between_inclusive(limited, rates[i].least_limited, rates[i].most_limited,
					  "%d", limited);
	}
}

/* For each key some looks at all of them, of which each takes 0.7 ms here, and not some at each
 * before it: others wait for those, and a kill. */
ZTEST(limits, test_a_list_of_keys)
{
	int32_t result = run(ZEPHYR_WASM_IMAGE(asker), TIME_OF_A_LIST);

	/* 63 looks are 44 ms, and 700 would be 490. */
	zassert_between_inclusive(result, 20, 250, "%d", result);
}

#define READS_A_CONVERTER 18

/* Nor does it keep who kills an app of a lower priority in the middle of a call from going on. */
ZTEST(limits, test_a_kill_waits_for_none_that_computes)
{
	struct zephyr_wasm_image low = *ZEPHYR_WASM_IMAGE(caller);
	struct zephyr_wasm_image high = *ZEPHYR_WASM_IMAGE(caller);
	struct zephyr_wasm_app *apps[2];

	low.priority = CONFIG_WASM_APP_PRIORITY + 1;
	high.priority = CONFIG_WASM_APP_PRIORITY_HIGHEST;
	apps[0] = begin(&low, READS_A_CONVERTER);
	k_sleep(K_MSEC(20));
	slow_be_busy(true);
	apps[1] = begin(&high, DRIVES_A_LINE);
	k_sleep(K_MSEC(20));
	/* What waits without end waits for it, too. */
	(void)zephyr_wasm_stop(apps[0], K_NO_WAIT);
	zassert_ok(zephyr_wasm_release(apps[0]));
	slow_be_busy(false);
	zassert_ok(zephyr_wasm_kill(apps[1]));
	zassert_ok(zephyr_wasm_wait(apps[1], K_SECONDS(3), NULL));
	zassert_ok(zephyr_wasm_release(apps[1]));
}

ZTEST(limits, test_writes_to_storage)
{
	int32_t first;
	int32_t all;

	/* The others have written before. */
	zassert_equal(run(ZEPHYR_WASM_IMAGE(limited), WRITES), CONFIG_WASM_STORAGE_WRITES_AT_ONCE);
	(void)run(ZEPHYR_WASM_IMAGE(caller), WRITES);
	/* 20 an hour by storage-writes, 60 by CONFIG_WASM_STORAGE_WRITES_PER_HOUR; part of the
	 * first of those has been earned since the caller last wrote, and writing takes seconds.
	 */
	k_sleep(K_SECONDS(165));
	zassert_equal(run(ZEPHYR_WASM_IMAGE(limited), WRITES), 0);
	first = run(ZEPHYR_WASM_IMAGE(caller), WRITES);
	zassert_between_inclusive(first, 2, 3);
	k_sleep(K_SECONDS(25));
	zassert_equal(run(ZEPHYR_WASM_IMAGE(limited), WRITES), 1);
	k_sleep(K_MINUTES(6));
	zassert_equal(run(ZEPHYR_WASM_IMAGE(limited), WRITES), 2);
	all = first + run(ZEPHYR_WASM_IMAGE(caller), WRITES);
	zassert_between_inclusive(all, 9, 10);
}

ZTEST_SUITE(limits, NULL, NULL, NULL, NULL, NULL);
