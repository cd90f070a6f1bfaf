/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Asks an app to end, and ends it if it does not.
 */

#include <zephyr/kernel.h>

#include "app.h"
#include "halt.h"
#include "observer.h"
#include "pool.h"
#include "slots.h"
#include "thread.h"

/* How often an app is woken that is asked to end: it may be about to wait as it is asked. */
#define AGAIN K_MSEC(10)

/* Wakes an app from every wait; false if it has not ended in that time. */
static bool wake_until_it_ends(struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment,
			       k_timeout_t patience)
{
	k_timepoint_t end = sys_timepoint_calc(patience);
	k_timepoint_t again;

	do {
		/* A thread that is made and not yet started would be, by the end of its sleep. */
		k_sched_lock();
		if (zephyr_wasm_has_life(app) && zephyr_wasm_is_since(app, moment)) {
			zephyr_wasm_pools_wake(app);
			/* If it sleeps without a resource. Where a kill waits, a driver does, and
			 * as long as it has to. */
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

/* Whether an app sees that it is asked to end, and so can. */
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
