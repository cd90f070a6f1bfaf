/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps an app from running for a while.
 *
 * An app is halted where it holds nothing that others wait for: at once if it is outside of calls
 * that a kill must not cut, else as the last of those is done.
 */

#include <zephyr/kernel.h>

#include "app.h"
#include "halt.h"
#include "observer.h"
#include "slots.h"

void zephyr_wasm_halt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason)
{
	/* The app's thread does not run from here on, so where it is stays true. */
	k_sched_lock();
	if (zephyr_wasm_has_life(app)) {
		app->mark.halts |= reason;
		if (app->mark.depth == 0 && !app->suspended) {
			app->suspended = true;
			k_thread_suspend(&app->thread);
		}
	}
	k_sched_unlock();
}

void zephyr_wasm_unhalt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason)
{
	k_sched_lock();
	app->mark.halts &= ~reason;
	if (zephyr_wasm_has_life(app) && app->mark.halts == 0 && app->suspended) {
		app->suspended = false;
		k_thread_resume(&app->thread);
	}
	k_sched_unlock();
}

void zephyr_wasm_halt_current(struct zephyr_wasm_app *app)
{
	/* Nobody lifts the halt between the look and the suspension: the lock is this thread's own,
	 * and the kernel lets it go while it is suspended. It may not be one of interrupts. */
	k_sched_lock();
	if (app->mark.halts != 0 && !app->suspended) {
		app->suspended = true;
		k_thread_suspend(&app->thread);
	}
	k_sched_unlock();
}

int zephyr_wasm_pause(struct zephyr_wasm_app *app)
{
	if (!zephyr_wasm_is_loaded(app)) {
		return -EINVAL;
	}
	if (!zephyr_wasm_has_life(app)) {
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
	if (!zephyr_wasm_has_life(app)) {
		return -ESRCH;
	}
	zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_RESUMED);
	zephyr_wasm_unhalt(app, ZEPHYR_WASM_HALT_PAUSED);
	return 0;
}
