/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Bluetooth, which only one app at a time scans and advertises with: what another one has, what is
 * not granted, and more than may be.
 */

#include <string.h>

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

#include "api/ble/ble.h"
#include "attacks.h"
#include "controller.h"
#include "slow.h"
#include "zephyr_wasm_declared.h"

ZEPHYR_WASM_IMAGE_DECLARE(attacker);
ZEPHYR_WASM_IMAGE_DECLARE(deaf);
ZEPHYR_WASM_IMAGE_DECLARE(elsewhere);
ZEPHYR_WASM_IMAGE_DECLARE(holder);

/* The controller is as fast as it can be here. */
int slow_transfer(void)
{
	return 0;
}

enum trial {
	HOLDS_BOTH,
	SCANS,
	ADVERTISES,
	/* With the number that the only one has. */
	HEARS_BY_NUMBER,
	STOPS_BY_NUMBER,
	SETS_BY_NUMBER,
	WAITS_BY_NUMBER,
	ENDS_BY_NUMBER,
	LAST_BY_NUMBER = ENDS_BY_NUMBER,
	HEARS,
	TAKES_BOTH,
	TAKES_OTHER_NAME,
	TAKES_LONG_NAME,
	SETS_LONG_VALUE,
	SETS_OFTEN,
};

K_APP_DMEM(zephyr_wasm_engine_partition) static enum trial trial = HOLDS_BOTH;
K_APP_DMEM(zephyr_wasm_engine_partition) static bool has_both = false;
K_APP_DMEM(zephyr_wasm_engine_partition) static bool gives_back = false;

#define NAME    "mine"
/* How long it listens, while somebody advertises each 5 ms. */
#define LISTENS (100 * NSEC_PER_MSEC)
#define SETS    5

static int32_t advertise(void)
{
	return zephyr_wasm_ble_advertise(NAME, strlen(NAME));
}

static int32_t hear(int32_t scan)
{
	struct zephyr_wasm_report report = {0};
	int32_t failure = zephyr_wasm_ble_scan_next(scan, LISTENS, &report);

	return failure < 0 ? failure : report.rssi;
}

static void hold(void)
{
	int32_t scan = zephyr_wasm_ble_scan();
	int32_t peripheral = advertise();

	has_both = scan == 0 && peripheral == 0;
	while (!gives_back) {
		(void)zephyr_wasm_ble_written(peripheral, NSEC_PER_MSEC, (uint8_t[32]){0});
	}
	/* What is not its own any more is a fault. */
	result = zephyr_wasm_ble_set(peripheral, "k", 1);
	zephyr_wasm_ble_end_advertising(peripheral);
	zephyr_wasm_ble_scan_stop(scan);
}

void attack_by_radio(void)
{
	static const uint8_t bytes[64] = {[0 ... 63] = 'k'};
	/* Granted by its pattern. */
	static const char name[] = NAME "-is-longer-than-it-may-be";

	switch (trial) {
	case HOLDS_BOTH:
		hold();
		break;
	case SCANS:
		result = zephyr_wasm_ble_scan();
		break;
	case ADVERTISES:
		result = advertise();
		break;
	case HEARS_BY_NUMBER:
		result = hear(0);
		break;
	case STOPS_BY_NUMBER:
		zephyr_wasm_ble_scan_stop(0);
		break;
	case SETS_BY_NUMBER:
		result = zephyr_wasm_ble_set(0, bytes, 1);
		break;
	case WAITS_BY_NUMBER:
		result = zephyr_wasm_ble_written(0, 0, (uint8_t[32]){0});
		break;
	case ENDS_BY_NUMBER:
		zephyr_wasm_ble_end_advertising(0);
		break;
	case HEARS:
		result = hear(zephyr_wasm_ble_scan());
		break;
	case TAKES_BOTH:
		(void)zephyr_wasm_ble_scan();
		result = advertise();
		break;
	case TAKES_OTHER_NAME:
		result = zephyr_wasm_ble_advertise("other", 5);
		break;
	case TAKES_LONG_NAME:
		result = zephyr_wasm_ble_advertise(name, sizeof(name) - 1);
		break;
	case SETS_LONG_VALUE:
		result = zephyr_wasm_ble_set(advertise(), bytes, ZEPHYR_WASM_BLE_VALUE_SIZE + 1);
		break;
	case SETS_OFTEN:
		result = advertise();
		for (int i = 0; i < SETS && result >= 0; i++) {
			result = zephyr_wasm_ble_set(0, bytes, 1);
		}
		break;
	}
}

static struct zephyr_wasm_app *begin(const struct zephyr_wasm_image *image, enum trial which)
{
	struct zephyr_wasm_app *app;

	role = USES_RADIO;
	trial = which;
	result = 0;
	zassert_ok(zephyr_wasm_start(image, &app));
	return app;
}

static enum zephyr_wasm_end end_of(struct zephyr_wasm_app *app, enum trial which)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status), "trial %d", which);
	zassert_equal(status.held, 0, "trial %d", which);
	zassert_ok(zephyr_wasm_release(app));
	return status.end;
}

static void check_fault(const struct zephyr_wasm_image *image, enum trial which)
{
	zassert_equal(end_of(begin(image, which), which), ZEPHYR_WASM_END_FAULTED, "trial %d",
		      which);
}

static void check_result(const struct zephyr_wasm_image *image, enum trial which, int32_t expected)
{
	enum zephyr_wasm_end end = end_of(begin(image, which), which);

	zassert_equal(end, ZEPHYR_WASM_END_RETURNED, "trial %d: end %d", which, end);
	zassert_equal(result, expected, "trial %d: %d", which, (int)result);
	zassert_true(controller_is_idle(), "trial %d", which);
}

/* Nobody has it, and then a neighbour. */
ZTEST(gate, test_radio_of_others)
{
	struct zephyr_wasm_app *other;

	for (enum trial which = HEARS_BY_NUMBER; which <= LAST_BY_NUMBER; which++) {
		check_fault(ZEPHYR_WASM_IMAGE(attacker), which);
	}
	has_both = false;
	gives_back = false;
	other = begin(ZEPHYR_WASM_IMAGE(holder), HOLDS_BOTH);
	for (int tries = 0; tries < 1000 && !has_both; tries++) {
		k_sleep(K_MSEC(10));
	}
	zassert_true(has_both);
	for (enum trial which = HEARS_BY_NUMBER; which <= LAST_BY_NUMBER; which++) {
		check_fault(ZEPHYR_WASM_IMAGE(attacker), which);
	}
	for (enum trial which = SCANS; which <= ADVERTISES; which++) {
		zassert_equal(end_of(begin(ZEPHYR_WASM_IMAGE(attacker), which), which),
			      ZEPHYR_WASM_END_RETURNED);
		zassert_equal(result, FAILURE_BUSY, "%d", (int)result);
	}
	gives_back = true;
	zassert_equal(end_of(other, HOLDS_BOTH), ZEPHYR_WASM_END_RETURNED);
	zassert_equal(result, 0, "%d", (int)result);
	zassert_true(controller_is_idle());
}

ZTEST(gate, test_radio_as_granted)
{
	check_result(ZEPHYR_WASM_IMAGE(attacker), HEARS, CONTROLLER_RSSI);
	check_result(ZEPHYR_WASM_IMAGE(elsewhere), HEARS, FAILURE_TIMEOUT);
	check_fault(ZEPHYR_WASM_IMAGE(deaf), HEARS);
	check_fault(ZEPHYR_WASM_IMAGE(attacker), TAKES_OTHER_NAME);
}

ZTEST(gate, test_radio_within_its_limits)
{
	int64_t began = k_uptime_get();

	check_result(ZEPHYR_WASM_IMAGE(attacker), TAKES_LONG_NAME, FAILURE_INVALID);
	check_result(ZEPHYR_WASM_IMAGE(attacker), SETS_LONG_VALUE, FAILURE_INVALID);
	/* By `handles` of its manifest. */
	check_result(ZEPHYR_WASM_IMAGE(attacker), TAKES_BOTH, 0);
	check_result(ZEPHYR_WASM_IMAGE(elsewhere), TAKES_BOTH, FAILURE_BUSY);
	/* By `ble-interval-ms`. */
	began = k_uptime_get();
	check_result(ZEPHYR_WASM_IMAGE(elsewhere), SETS_OFTEN, 0);
	began = k_uptime_delta(&began);
	zassert_true(began >= SETS * 50, "%d ms", (int)began);
}
