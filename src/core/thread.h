/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What apps run on. threads.c has each on a thread of its own, cooperative.c all on one.
 */

#ifndef ZEPHYR_WASM_SRC_THREAD_H_
#define ZEPHYR_WASM_SRC_THREAD_H_

#include "app.h"

/** The app of the calling thread, or NULL. */
struct zephyr_wasm_app *zephyr_wasm_current(void);

/** Makes what an app runs on, where apps share no thread with a priority of its own. */
void zephyr_wasm_carry(struct zephyr_wasm_app *app, int priority);

/** Has an app run that is carried. */
#ifdef CONFIG_WASM_COOPERATIVE
void zephyr_wasm_go(struct zephyr_wasm_app *app);
#else
static inline void zephyr_wasm_go(struct zephyr_wasm_app *app)
{
	k_thread_start(&app->thread);
}
#endif

/** Ends the thread that an app is on, if it is not over. On the reaper's. */
void zephyr_wasm_put_down(struct zephyr_wasm_app *app);

/** Has zephyr_wasm_finish() done for an app whose thread is put down, on one that it has for that.
 */
void zephyr_wasm_on_last_thread(struct zephyr_wasm_app *app);

/** Ends the sleep of an app. */
void zephyr_wasm_end_sleep(struct zephyr_wasm_app *app);

/** Writes what is known of an app's thread. */
void zephyr_wasm_thread_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status);

/** The priority of what is not to wait for an app that computes: before apps, as whoever ends them
 * is. */
#define ZEPHYR_WASM_HURRIED MAX(CONFIG_WASM_APP_PRIORITY_HIGHEST - 1, 0)

#if defined(CONFIG_WASM_COOPERATIVE) || CONFIG_WASM_MAX_APPS == 1
static inline bool zephyr_wasm_hurry_killed(bool is_again)
{
	ARG_UNUSED(is_again);
	return false;
}

static inline void zephyr_wasm_hurry_current(void)
{
}

static inline void zephyr_wasm_give_priority(struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
}

static inline int zephyr_wasm_own_priority(const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	return k_thread_priority_get(k_current_get());
}
#else
/** Has each app that a kill waits for come to the end of its call: another that computes would keep
 * it, and whoever waits for its end, from that. If that is done again, also the calls that others
 * are in: it may wait for a lock that one of them has, and a lock is lent a priority only as one
 * begins to wait for it. Returns whether there is any, and so whether it is to be done again: with
 * each lock that a driver gives back, an app has its own priority again. */
bool zephyr_wasm_hurry_killed(bool is_again);

/** Has the call that the calling thread's app is in come to its end, if it is in one. Drivers of
 * flash and of buses have semaphores for locks, by which nobody is lent the priority of the
 * firmware's threads that wait. Comes before a mutex is taken, which gives back the priority with
 * which it was. */
void zephyr_wasm_hurry_current(void);

/** Returns the priority that an app was started with. */
int zephyr_wasm_own_priority(const struct zephyr_wasm_app *app);

/** Gives back what these two have lent to the calling thread's app. */
void zephyr_wasm_give_priority(struct zephyr_wasm_app *app);
#endif

#endif /* ZEPHYR_WASM_SRC_THREAD_H_ */
