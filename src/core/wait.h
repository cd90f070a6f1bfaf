/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How a host call waits. An app that has a thread of its own waits in the kernel (threads.c); one
 * that shares its thread with others leaves the call, which is made again (cooperative.c).
 */

#ifndef ZEPHYR_WASM_SRC_WAIT_H_
#define ZEPHYR_WASM_SRC_WAIT_H_

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

/** The expiry function of timers for zephyr_wasm_wait_for_timer(). */
void zephyr_wasm_on_expiry(struct k_timer *timer);
#else
#define zephyr_wasm_on_expiry NULL

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

/** Waits for an event, at most until @p until. Returns whether the host call has to return now
 * because the event has not come. Where apps share a thread, this never waits: either the call is
 * made again later, or its time is over. */
bool zephyr_wasm_gives_up(struct k_sem *event, k_timepoint_t until);

/** Waits until a timer expires or is stopped, and returns how often it has expired since the last
 * call. The timer's expiry function has to be zephyr_wasm_on_expiry(), and its user data the app.
 */
uint32_t zephyr_wasm_wait_for_timer(struct k_timer *timer);

/** Sleeps for @p ticks. For 0 ticks, yields to threads of the same priority. */
void zephyr_wasm_sleep(k_ticks_t ticks);

#endif /* ZEPHYR_WASM_SRC_WAIT_H_ */
