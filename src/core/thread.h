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

/** Makes the thread that an app runs on, with this priority. Where apps share one, makes that with
 * the first app; it has CONFIG_WASM_APP_PRIORITY. */
void zephyr_wasm_thread_create(struct zephyr_wasm_app *app, int priority);

/** Has an app run for which zephyr_wasm_thread_create() was called. */
#ifdef CONFIG_WASM_COOPERATIVE
void zephyr_wasm_thread_start(struct zephyr_wasm_app *app);
#else
static inline void zephyr_wasm_thread_start(struct zephyr_wasm_app *app)
{
	k_thread_start(&app->thread);
}
#endif

/** Ends the thread that an app is on, if that is not over. Called on the reaper's thread. */
void zephyr_wasm_thread_abort(struct zephyr_wasm_app *app);

/** Has zephyr_wasm_finish() done for an app whose thread is put down, on another thread that each
 * slot has for that. */
void zephyr_wasm_on_last_thread(struct zephyr_wasm_app *app);

/** Ends the sleep of an app. */
void zephyr_wasm_end_sleep(struct zephyr_wasm_app *app);

/** Writes what is known of an app's thread. */
void zephyr_wasm_thread_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status);

/** A priority before those of all apps, for what is not to wait for one that computes. */
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
/** Lends a more urgent priority to each app that a kill waits for, so that its host call comes to
 * an end: another app that computes would keep it from that, and with it whoever waits for its end.
 *
 * If @p is_again, lends it to all other apps in host calls, too: the killed one may wait for a lock
 * that one of them has, and Zephyr lends a priority to who has a lock only as one begins to wait.
 * Returns whether a kill still waits. Then this is to be called again, as an app has its own
 * priority back with each lock that a driver gives back. */
bool zephyr_wasm_hurry_killed(bool is_again);

/** Lends a more urgent priority to the calling thread's app until its host call is done, if it is
 * in one. Drivers of flash and of buses use semaphores for locks, by which Zephyr lends no priority
 * of threads that wait, and so an app that computes would keep the firmware waiting. To be called
 * before a mutex is taken: giving that back restores the priority with which it was taken. */
void zephyr_wasm_hurry_current(void);

/** Returns the priority that an app was started with. */
int zephyr_wasm_own_priority(const struct zephyr_wasm_app *app);

/** Gives back what these have lent to the calling thread's app. */
void zephyr_wasm_give_priority(struct zephyr_wasm_app *app);
#endif

#endif /* ZEPHYR_WASM_SRC_THREAD_H_ */
