/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps an app from running for a while.
 *
 * An app is halted only where it holds nothing that others wait for. Outside of host calls, that is
 * at once. Inside of a host call, it is at the end of the outermost call.
 */

#include <zephyr/kernel.h>

#include "app.h"
#include "halt.h"
#include "observer.h"
#include "slots.h"

void zephyr_wasm_halt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason)
{
	/* With the scheduler locked, the app's thread does not run, so it stays inside or outside
	 * of a host call. */
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
	/* Under the lock, so that nobody lifts the halt between the check and the suspension. The
	 * scheduler's lock is per thread, and the kernel releases it while the thread is suspended.
	 * A lock of interrupts would not do. */
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
