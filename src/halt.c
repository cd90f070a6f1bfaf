/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps an app from running, for a while or as it is asked to end.
 *
 * An app is halted where it holds nothing that others wait for: at once if it is outside of calls
 * that a kill must not cut, else as the last of those is done.
 */

#include <zephyr/kernel.h>

#include "internal.h"

void zephyr_wasm_halt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason)
{
	/* The app's thread does not run from here on, so where it is stays true. */
	k_sched_lock();
	app->halts |= reason;
	if (app->in_host == 0 && !app->suspended) {
		app->suspended = true;
		k_thread_suspend(&app->thread);
	}
	k_sched_unlock();
}

void zephyr_wasm_unhalt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason)
{
	k_sched_lock();
	app->halts &= ~reason;
	if (app->halts == 0 && app->suspended) {
		app->suspended = false;
		k_thread_resume(&app->thread);
	}
	k_sched_unlock();
}

void zephyr_wasm_halt_current(struct zephyr_wasm_app *app)
{
	/* Nobody lifts the halt between the look and the suspension: the lock is this thread's own.
	 */
	unsigned int key = irq_lock();

	if (app->halts != 0 && !app->suspended) {
		app->suspended = true;
		k_thread_suspend(&app->thread);
	}
	irq_unlock(key);
}

static bool has_life(const struct zephyr_wasm_app *app)
{
	return app->state == ZEPHYR_WASM_STATE_STARTING || app->state == ZEPHYR_WASM_STATE_RUNNING;
}

int zephyr_wasm_pause(struct zephyr_wasm_app *app)
{
	if (!zephyr_wasm_is_loaded(app)) {
		return -EINVAL;
	}
	if (!has_life(app)) {
		return -ESRCH;
	}
	zephyr_wasm_halt(app, ZEPHYR_WASM_HALT_PAUSED);
	return 0;
}

int zephyr_wasm_resume(struct zephyr_wasm_app *app)
{
	if (!zephyr_wasm_is_loaded(app)) {
		return -EINVAL;
	}
	if (!has_life(app)) {
		return -ESRCH;
	}
#ifdef CONFIG_WASM_SUPERVISOR
	/* It could not give signs of life meanwhile. */
	zephyr_wasm_supervisor_beat(app);
#endif
	zephyr_wasm_unhalt(app, ZEPHYR_WASM_HALT_PAUSED);
	return 0;
}

int zephyr_wasm_stop(struct zephyr_wasm_app *app, k_timeout_t patience)
{
	if (!zephyr_wasm_is_loaded(app)) {
		return -EINVAL;
	}
#ifdef CONFIG_WASM_SUPERVISOR
	zephyr_wasm_supervisor_leave(app);
#endif
	if (has_life(app) && app->looks) {
		app->stopping = true;
		zephyr_wasm_unhalt(app, ZEPHYR_WASM_HALT_PAUSED);
		zephyr_wasm_pools_wake(app);
		/* If it sleeps without a resource. */
		k_wakeup(&app->thread);
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
