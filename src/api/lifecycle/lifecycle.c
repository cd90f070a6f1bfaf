/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:lifecycle: whether an app is asked to end, and its heartbeat.
 */

#include "core/app.h"
#include "core/thread.h"
#include "observe/supervisor.h"

bool zephyr_wasm_lifecycle_stopping(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app == NULL) {
		return false;
	}
	app->looks = true;
	return app->stopping;
}

void zephyr_wasm_lifecycle_heartbeat(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		zephyr_wasm_supervisor_beat(app);
	}
}
