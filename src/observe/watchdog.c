/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The board's watchdog. It is fed on the system work queue, on which apps are ended. If that queue
 * stops, the board could not end an app any more, and is reset.
 */

#include <zephyr/device.h>
#include <zephyr/devicetree.h>
#include <zephyr/drivers/watchdog.h>
#include <zephyr/logging/log.h>

#include "watchdog.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

static const struct device *const watchdog = DEVICE_DT_GET(DT_ALIAS(watchdog0));
static int channel = -1;

int zephyr_wasm_watchdog_start(void)
{
	const struct wdt_timeout_cfg timeout = {
		.window = {.min = 0, .max = CONFIG_WASM_WATCHDOG_TIMEOUT_MS},
		.flags = WDT_FLAG_RESET_SOC,
	};
	int result;

	if (!device_is_ready(watchdog)) {
		return -ENODEV;
	}
	channel = wdt_install_timeout(watchdog, &timeout);
	result = channel < 0 ? channel : wdt_setup(watchdog, 0);
	if (result < 0) {
		LOG_ERR("the watchdog (alias watchdog0) was not started: %d", result);
		channel = -1;
	}
	return result;
}

void zephyr_wasm_watchdog_feed(void)
{
	if (channel >= 0) {
		(void)wdt_feed(watchdog, channel);
	}
}
