/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How an app waits that shares its thread with other apps: cooperative.c. Apps with threads of
 * their own wait in the kernel, and need none of this.
 */

#ifndef ZEPHYR_WASM_SRC_TURNS_H_
#define ZEPHYR_WASM_SRC_TURNS_H_

#include "app.h"

#ifdef CONFIG_WASM_COOPERATIVE
/** Whether an app could continue, but another one has the thread. */
bool zephyr_wasm_is_kept_waiting(const struct zephyr_wasm_app *app);

/** Signals that something has happened that an app may wait for. Callable from interrupts. */
void zephyr_wasm_wake(const struct zephyr_wasm_app *app);

/** Called by a host call that has to wait. If it returns true, the app is suspended, and the host
 * call is made again once something has happened or @p timeout is over. What the call returns now
 * is not seen, so it must not have changed anything. If it returns false, the call is to return
 * what it has. */
bool zephyr_wasm_suspend(k_timeout_t timeout);

/** Whether a host call that waits for an event until @p end has to return now. Here, it always has
 * to: it is made again, or has waited in vain. */
bool zephyr_wasm_gives_up(struct k_sem *event, k_timepoint_t end);
#else
static inline bool zephyr_wasm_is_kept_waiting(const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	return false;
}

static inline void zephyr_wasm_wake(const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
}
#endif

#endif /* ZEPHYR_WASM_SRC_TURNS_H_ */
