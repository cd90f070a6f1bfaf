/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How an app waits that shares its thread with the others: cooperative.c. Apps that have threads of
 * their own wait in the kernel, and need nothing of this.
 */

#ifndef ZEPHYR_WASM_SRC_TURNS_H_
#define ZEPHYR_WASM_SRC_TURNS_H_

#include "app.h"

#ifdef CONFIG_WASM_COOPERATIVE
/** Whether an app could go on, but another one has the thread. */
bool zephyr_wasm_is_kept_waiting(const struct zephyr_wasm_app *app);

/** Something has happened that an app may wait for. Callable from interrupts. */
void zephyr_wasm_wake(const struct zephyr_wasm_app *app);

/** Called by a host call that has to wait: if true, the app is left, and the call is made again
 * once something has happened or this time is over. What it returns now is not seen, and so it must
 * not have changed anything. If false, it is to return what it has. */
bool zephyr_wasm_suspend(k_timeout_t timeout);

/** Whether a host call that waits for an event until then has to return now. Here, always: it is
 * made again, or has waited in vain. */
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
