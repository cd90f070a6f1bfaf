/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Asks an app to end, and ends it if it does not.
 */

#include <zephyr/kernel.h>

#include "internal.h"

int zephyr_wasm_stop(struct zephyr_wasm_app *app, k_timeout_t patience)
{
	if (!zephyr_wasm_is_loaded(app)) {
		return -EINVAL;
	}
#ifdef CONFIG_WASM_SUPERVISOR
	zephyr_wasm_supervisor_leave(app);
#endif
	if (zephyr_wasm_has_life(app) && app->looks) {
		app->stopping = true;
#ifdef CONFIG_WASM_PAUSE
		zephyr_wasm_unhalt(app, ZEPHYR_WASM_HALT_PAUSED);
#endif
		zephyr_wasm_pools_wake(app);
		/* If it sleeps without a resource. */
#ifdef CONFIG_WASM_COOPERATIVE
		zephyr_wasm_wake(app);
#else
		k_wakeup(&app->thread);
#endif
	}
	if (zephyr_wasm_wait(app, app->stopping ? patience : K_NO_WAIT, NULL) == 0) {
		return 0;
	}
	(void)zephyr_wasm_kill(app);
	(void)zephyr_wasm_wait(app, K_FOREVER, NULL);
	return -ETIMEDOUT;
}

int zephyr_wasm_restart(struct zephyr_wasm_app *app, k_timeout_t patience)
{
	int result = zephyr_wasm_stop(app, patience);

	return result == -EINVAL ? result : zephyr_wasm_start_again(app);
}
