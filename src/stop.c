/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Asks an app to end, and ends it if it does not.
 */

#include <zephyr/kernel.h>

#include "internal.h"
#include "pool.h"

/* How often an app is woken that is asked to end: it may be about to wait as it is asked. */
#define AGAIN K_MSEC(10)

/* Wakes an app from every wait; false if it has not ended in that time. */
static bool wake_until_it_ends(struct zephyr_wasm_app *app, k_timeout_t patience)
{
	k_timepoint_t end = sys_timepoint_calc(patience);
	k_timepoint_t again;

	do {
		zephyr_wasm_pools_wake(app);
		/* If it sleeps without a resource. */
		zephyr_wasm_end_sleep(app);
		again = sys_timepoint_calc(AGAIN);
		if (sys_timepoint_cmp(again, end) > 0) {
			again = end;
		}
		if (zephyr_wasm_wait(app, sys_timepoint_timeout(again), NULL) == 0) {
			return true;
		}
	} while (!sys_timepoint_expired(end));
	return false;
}

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
		if (wake_until_it_ends(app, patience)) {
			return 0;
		}
	} else if (zephyr_wasm_wait(app, K_NO_WAIT, NULL) == 0) {
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
