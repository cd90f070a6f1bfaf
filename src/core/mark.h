/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The mark that an app is in a host call, which a kill waits for. mark.c says why.
 */

#ifndef ZEPHYR_WASM_SRC_MARK_H_
#define ZEPHYR_WASM_SRC_MARK_H_

#include "thread.h"
#include "wait.h"

/** Does what has waited for the end of a host call: ends the app, or halts it. A function of its
 * own, so that a host call for which nothing waits saves no registers. */
void zephyr_wasm_meet(struct zephyr_wasm_app *app);

/** Marks that the app of the calling thread has entered a host call. */
static ALWAYS_INLINE void zephyr_wasm_mark_begin(struct zephyr_wasm_app *app)
{
	app->mark.depth++;
}

/** Marks that it has left a host call, and, after the outermost one, does what has waited for that.
 */
static ALWAYS_INLINE void zephyr_wasm_mark_end(struct zephyr_wasm_app *app)
{
	/* Nobody else writes it. */
	unsigned int depth = app->mark.depth - 1;

	app->mark.depth = depth;
	/* From here on, a kill ends the app at once, so what waited before has to be seen now. */
	if (app->mark.waiting != 0 && depth == 0) {
		zephyr_wasm_meet(app);
	}
}

/** Lets a kill that waits for the current host call come, between two parts of the call. */
static inline void zephyr_wasm_let_kill_come(void)
{
	zephyr_wasm_wait_begin();
	zephyr_wasm_wait_end();
}

/** Waits for a semaphore as k_sem_take() does. The calling thread's app can be killed meanwhile. */
int zephyr_wasm_take(struct k_sem *event, k_timeout_t timeout);

/** Whether the app of the calling thread is asked to end, so that a host call that waits has to
 * return. */
#ifdef CONFIG_WASM_STOPPING
static inline bool zephyr_wasm_is_asked(void)
{
	const struct zephyr_wasm_app *app = zephyr_wasm_current();

	return app != NULL && (app->stopping || app->mark.pending_end != ZEPHYR_WASM_END_NONE);
}
#else
static inline bool zephyr_wasm_is_asked(void)
{
	return false;
}
#endif

#endif /* ZEPHYR_WASM_SRC_MARK_H_ */
