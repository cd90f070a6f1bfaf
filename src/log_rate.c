/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How many lines an app may log: by wasi:logging, and as a program whose stream leads to the log.
 */

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "internal.h"
#include "rust.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

void zephyr_wasm_log_launched(struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_image *image = app->image;

	app->log_rate = (struct zephyr_wasm_log_rate){
		/* Its file may ask for less. */
		.most = MIN(CONFIG_WASM_LOG_LINES,
			    zephyr_wasm_rs_setting(image->wasm, image->size, "log-lines",
						   CONFIG_WASM_LOG_LINES)),
	};
}

bool zephyr_wasm_log_counts(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_log_rate *rate = &app->log_rate;
	uint32_t now = k_uptime_seconds();

	if (now != rate->second) {
		uint32_t dropped = rate->dropped;

		rate->second = now;
		rate->lines = 0;
		rate->dropped = 0;
		if (dropped > 0) {
			LOG_WRN("%s: %u lines dropped: it may log %u a second "
				"(CONFIG_WASM_LOG_LINES, or log-lines in its manifest)",
				app->image->name, dropped, rate->most);
		}
	}
	if (rate->lines >= rate->most) {
		rate->dropped++;
		return false;
	}
	rate->lines++;
	return true;
}
