/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The mark that an app is in a host call, which a kill waits for. mark.c says why.
 */

#ifndef ZEPHYR_WASM_SRC_MARK_H_
#define ZEPHYR_WASM_SRC_MARK_H_

#include "thread.h"
#include "wait.h"

/** Does what has waited for a host call to be done: the app's end, or a halt. A function of its
 * own, so that a host call for which nothing waits saves no registers. */
void zephyr_wasm_meet(struct zephyr_wasm_app *app);

/** Marks that the app of the calling thread is in one more call of the host's. */
static ALWAYS_INLINE void zephyr_wasm_mark_begin(struct zephyr_wasm_app *app)
{
	app->mark.depth++;
}

/** Marks that it is out of one, and does what has waited if it was the outermost. */
static ALWAYS_INLINE void zephyr_wasm_mark_end(struct zephyr_wasm_app *app)
{
	/* Nobody else writes it. */
	unsigned int depth = app->mark.depth - 1;

	app->mark.depth = depth;
	/* From here on, who kills ends the app at once: what came before has to be seen now. */
	if (app->mark.waiting != 0 && depth == 0) {
		zephyr_wasm_meet(app);
	}
}

/** Lets a kill come that waits for the call at hand, between two parts of that. */
static inline void zephyr_wasm_let_kill_come(void)
{
	zephyr_wasm_wait_begin();
	zephyr_wasm_wait_end();
}

/** Waits for a semaphore as k_sem_take() does, and lets a kill of the calling thread's app come
 * meanwhile. */
int zephyr_wasm_take(struct k_sem *event, k_timeout_t timeout);

/** Whether the app of the calling thread is asked to end, so that a call that waits returns. */
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
