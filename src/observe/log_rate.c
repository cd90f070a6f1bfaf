/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Limits how many lines an app may cause in the log each second: by wasi:logging, as a program
 * whose stream leads to the log, and by failures of drivers, which may log them.
 */

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include <zephyr_wasm/host.h>

#include "core/app.h"
#include "core/observer.h"
#include "core/slots.h"
#include "core/thread.h"
#include "log_rate.h"
#include "zephyr_wasm_declared.h"
#include "zephyr_wasm_manifest.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* By slot. */
static struct zephyr_wasm_log_rate rates[CONFIG_WASM_MAX_APPS];

const struct zephyr_wasm_log_rate *zephyr_wasm_log_rate_of(const struct zephyr_wasm_app *app)
{
	return &rates[zephyr_wasm_slot_of(app)];
}

/* Reads the limit from an app's manifest. Called when the app is launched. */
static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	const struct zephyr_wasm_image *image = app->image;
	uint32_t most;

	if (event != ZEPHYR_WASM_EVENT_LAUNCHED) {
		return;
	}
	/* Outside of MIN(), which would read the manifest twice. */
	most = zephyr_wasm_rs_setting(image->wasm, image->size, ZEPHYR_WASM_KEY_LOG_LINES,
				      CONFIG_WASM_LOG_LINES_PER_SECOND);
	rates[zephyr_wasm_slot_of(app)] = (struct zephyr_wasm_log_rate){
		/* A manifest can lower the limit of the image, and not raise it. */
		.most = MIN(CONFIG_WASM_LOG_LINES_PER_SECOND, most),
	};
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, log_rate) = {.on = on};

/* Whether an app has a line left in this second. */
static bool has_line(const struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_log_rate *rate = &rates[zephyr_wasm_slot_of(app)];
	uint32_t now = k_uptime_seconds();

	if (now != rate->second) {
		uint32_t dropped = rate->dropped;

		rate->second = now;
		rate->lines = 0;
		rate->dropped = 0;
		if (dropped > 0) {
			LOG_WRN("%s: %u lines dropped: it may log %u a second "
				"(CONFIG_WASM_LOG_LINES_PER_SECOND, or log-lines in its manifest)",
				app->image->name, dropped, rate->most);
		}
	}
	return rate->lines < rate->most;
}

bool zephyr_wasm_log_counts(struct zephyr_wasm_app *app)
{
	if (!has_line(app)) {
		rates[zephyr_wasm_slot_of(app)].dropped++;
		return false;
	}
	rates[zephyr_wasm_slot_of(app)].lines++;
	return true;
}

#ifndef CONFIG_WASM_COOPERATIVE
void zephyr_wasm_failed(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app == NULL) {
		return;
	}
	if (!has_line(app)) {
		zephyr_wasm_wait_begin();
		k_sleep(K_MSEC(MSEC_PER_SEC - k_uptime_get() % MSEC_PER_SEC));
		zephyr_wasm_wait_end();
		(void)has_line(app);
	}
	rates[zephyr_wasm_slot_of(app)].lines++;
}

bool zephyr_wasm_may_fail(const struct zephyr_wasm_app *app)
{
	return !zephyr_wasm_is_slot(app) || has_line(app);
}

void zephyr_wasm_has_failed(const struct zephyr_wasm_app *app)
{
	if (zephyr_wasm_is_slot(app)) {
		rates[zephyr_wasm_slot_of(app)].lines++;
	}
}
#endif
