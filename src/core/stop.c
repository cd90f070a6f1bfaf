/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Asks an app to end, and kills it if it does not.
 */

#include <zephyr/kernel.h>

#include "app.h"
#include "halt.h"
#include "observer.h"
#include "pool.h"
#include "slots.h"
#include "thread.h"

/* How often an app that is asked to end is woken. Once is not enough: the app may be about to wait.
 */
#define AGAIN K_MSEC(10)

/* Wakes an app from every wait. Returns false if it has not ended within @p patience. */
static bool wake_until_it_ends(struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment,
			       k_timeout_t patience)
{
	k_timepoint_t end = sys_timepoint_calc(patience);
	k_timepoint_t again;

	do {
		/* Checked under the lock, because k_wakeup() would start a thread that is created
		 * and not yet started. */
		k_sched_lock();
		if (zephyr_wasm_has_life(app) && zephyr_wasm_is_since(app, moment)) {
			zephyr_wasm_pools_wake(app);
			/* The app may sleep without a resource. If it is in a host call that a kill
			 * waits for, it is a driver that sleeps, and that has to sleep as long as
			 * it needs. */
			if (app->mark.depth == 0) {
				zephyr_wasm_end_sleep(app);
			}
		}
		k_sched_unlock();
		again = sys_timepoint_calc(AGAIN);
		if (sys_timepoint_cmp(again, end) > 0) {
			again = end;
		}
		if (zephyr_wasm_wait_since(app, moment, sys_timepoint_timeout(again)) != -EAGAIN) {
			return true;
		}
	} while (!sys_timepoint_expired(end));
	return false;
}

/* Asks an app to end. Returns false if the app does not check for that, so that asking is useless.
 */
static bool ask(struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment)
{
	bool sees;

	k_sched_lock();
	sees = zephyr_wasm_has_life(app) && app->looks && zephyr_wasm_is_since(app, moment);
	if (sees) {
		app->stopping = true;
		zephyr_wasm_unhalt(app, ZEPHYR_WASM_HALT_PAUSED);
	}
	k_sched_unlock();
	return sees;
}

int zephyr_wasm_stop(struct zephyr_wasm_app *app, k_timeout_t patience)
{
	struct zephyr_wasm_moment moment = {0};
	bool is_loaded;

	k_sched_lock();
	is_loaded = zephyr_wasm_is_loaded(app);
	if (is_loaded) {
		moment = zephyr_wasm_now(app);
		zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_LEFT);
	}
	k_sched_unlock();
	if (!is_loaded) {
		return -EINVAL;
	}
	if (ask(app, moment) && wake_until_it_ends(app, moment, patience)) {
		return 0;
	}
	k_sched_lock();
	if (!zephyr_wasm_is_since(app, moment)) {
		k_sched_unlock();
		return 0;
	}
	(void)zephyr_wasm_kill(app);
	k_sched_unlock();
	(void)zephyr_wasm_wait_since(app, moment, K_FOREVER);
	return -ETIMEDOUT;
}

int zephyr_wasm_restart(struct zephyr_wasm_app *app, k_timeout_t patience)
{
	int result = zephyr_wasm_stop(app, patience);

	return result == -EINVAL ? result : zephyr_wasm_start_again(app);
}
