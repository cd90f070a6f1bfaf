/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The threads that apps run on. threads.c gives each app a thread of its own, cooperative.c gives
 * all of them one.
 */

#ifndef ZEPHYR_WASM_SRC_THREAD_H_
#define ZEPHYR_WASM_SRC_THREAD_H_

#include "app.h"

/** The app of the calling thread, or NULL. */
struct zephyr_wasm_app *zephyr_wasm_current(void);

/** Creates the thread of an app, with this priority; zephyr_wasm_thread_start() starts it. Where
 * apps share one thread, creates that for the first app, with CONFIG_WASM_APP_PRIORITY. */
void zephyr_wasm_thread_create(struct zephyr_wasm_app *app, int priority);

/** Lets an app run after zephyr_wasm_thread_create(). */
#ifdef CONFIG_WASM_COOPERATIVE
void zephyr_wasm_thread_start(struct zephyr_wasm_app *app);
#else
static inline void zephyr_wasm_thread_start(struct zephyr_wasm_app *app)
{
	k_thread_start(&app->thread);
}
#endif

/** Aborts the thread of an app, and releases the locks of host APIs that it has. Where apps share
 * one thread, does so only if the app is the one that runs, and gives the others a new thread.
 * Called on the reaper's thread. */
void zephyr_wasm_thread_abort(struct zephyr_wasm_app *app);

/** Runs zephyr_wasm_finish() for an app whose thread was aborted, on a second thread that each slot
 * has for that. Where apps share one thread, runs it on the reaper's. */
void zephyr_wasm_on_last_thread(struct zephyr_wasm_app *app);

/** Wakes an app that sleeps. */
void zephyr_wasm_end_sleep(struct zephyr_wasm_app *app);

/** Writes what is known of an app's thread into its status. */
void zephyr_wasm_thread_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status);

/** A priority more urgent than those of all apps, for calls that must not wait for an app that
 * computes. */
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
 * an end. Otherwise, another app that computes could keep it from that, and with it whoever waits
 * for the end.
 *
 * With @p is_again, lends it to all other apps in host calls, too: the killed app may wait for a
 * lock that one of them has, and Zephyr lends a priority to the owner of a lock only when a thread
 * begins to wait.
 *
 * Returns whether a kill still waits. Then this is to be called again, because an app gets its own
 * priority back with each lock that a driver releases. */
bool zephyr_wasm_hurry_killed(bool is_again);

/** Lends a more urgent priority to the calling thread's app until its host call is done, if it is
 * in one. Drivers of flash and of buses lock by semaphores, for which Zephyr does not inherit
 * priorities: an app that computes would keep the firmware waiting. To be called before a mutex is
 * taken, because releasing a mutex restores the priority with which it was taken. */
void zephyr_wasm_hurry_current(void);

/** Returns the priority that an app was started with. */
int zephyr_wasm_own_priority(const struct zephyr_wasm_app *app);

/** Gives back the priority that was lent to the calling thread's app. */
void zephyr_wasm_give_priority(struct zephyr_wasm_app *app);
#endif

#endif /* ZEPHYR_WASM_SRC_THREAD_H_ */
