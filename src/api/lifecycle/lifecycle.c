/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * zephyr:lifecycle over the life cycle of an app.
 */

#include "core/internal.h"

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
#ifdef CONFIG_WASM_SUPERVISOR
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		zephyr_wasm_supervisor_beat(app);
	}
#endif
}
