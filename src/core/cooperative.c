/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs all apps on one thread, the carrier: each app runs until it waits in a host call, and then
 * the next one continues. docs/cooperative.md says how a call is left and made again.
 *
 * The state of each app is in its own memory, and the stack has nothing of the apps that wait. So
 * if the running app ends, the thread ends with it, and the other apps continue on a new one.
 */

#include <zephyr/kernel.h>

#include "app.h"
#include "locks.h"
#include "mark.h"
#include "module.h"
#include "pool.h"
#include "slots.h"
#include "thread.h"
#include "wait.h"

static K_KERNEL_STACK_DEFINE(stack, CONFIG_WASM_APP_STACK_SIZE);

static struct {
	struct k_thread thread;
	/* The app whose code the thread runs; NULL between two apps. */
	struct zephyr_wasm_app *active;
	/* Given when an app may be able to continue: wakes the carrier, which sleeps if none can.
	 */
	struct k_sem wake;
	/* The carrier is created for the first app. */
	bool exists;
} carrier;

struct zephyr_wasm_app *zephyr_wasm_current(void)
{
	return k_current_get() == &carrier.thread ? carrier.active : NULL;
}

void zephyr_wasm_wake(const struct zephyr_wasm_app *app)
{
	if (app != NULL && app != ZEPHYR_WASM_FIRMWARE) {
		/* Drivers know the owners of resources as constant. This one is a slot of this
		 * module. */
		((struct zephyr_wasm_app *)app)->turn.ready = true;
		k_sem_give(&carrier.wake);
	}
}

bool zephyr_wasm_suspend(k_timeout_t timeout)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();
	struct zephyr_wasm_turn *turn = &app->turn;

	if (zephyr_wasm_is_asked() || (turn->waits && sys_timepoint_expired(turn->until))) {
		return false;
	}
	if (!turn->waits) {
		turn->waits = true;
		turn->until = sys_timepoint_calc(timeout);
	}
	turn->suspends = true;
	return true;
}

/* Called by the runtime after each host call that may wait: whether to leave the app there, as
 * zephyr_wasm_suspend() has asked for, and to make the call again later. */
bool zephyr_wasm_suspends(void)
{
	struct zephyr_wasm_turn *turn = &zephyr_wasm_current()->turn;
	bool suspends = turn->suspends;

	turn->suspends = false;
	if (!suspends) {
		/* The next host call begins a new wait. */
		turn->waits = false;
	}
	return suspends;
}

bool zephyr_wasm_gives_up(struct k_sem *event, k_timepoint_t end)
{
	/* No thread waits for the semaphore here. The host call has checked before whether the
	 * event has come, and is woken by zephyr_wasm_wake(). */
	k_sem_reset(event);
	(void)zephyr_wasm_suspend(sys_timepoint_timeout(end));
	return true;
}

void zephyr_wasm_on_expiry(struct k_timer *timer)
{
	zephyr_wasm_wake(k_timer_user_data_get(timer));
}

uint32_t zephyr_wasm_wait_for_timer(struct k_timer *timer)
{
	uint32_t expired = k_timer_status_get(timer);

	if (expired == 0 && k_timer_remaining_ticks(timer) > 0) {
		(void)zephyr_wasm_suspend(K_FOREVER);
	}
	return expired;
}

void zephyr_wasm_sleep(k_ticks_t ticks)
{
	(void)zephyr_wasm_suspend(K_TICKS(ticks));
}

/* Whether an app can continue: an event has happened that it may wait for, or its wait has timed
 * out. */
static bool is_due(const struct zephyr_wasm_app *app)
{
	return app->turn.ready || (app->turn.waits && sys_timepoint_expired(app->turn.until));
}

bool zephyr_wasm_is_kept_waiting(const struct zephyr_wasm_app *app)
{
	return carrier.active != app && is_due(app);
}

static bool may_run(const struct zephyr_wasm_app *app)
{
	return zephyr_wasm_has_life(app) && app->noted_end == ZEPHYR_WASM_END_NONE;
}

/* Returns the next app that can continue, beginning after the one that ran last, so that each app
 * gets its turn. If there is none, returns NULL, and in @p idle how long that remains so unless an
 * app is woken. */
static struct zephyr_wasm_app *next(struct zephyr_wasm_app *last, k_timeout_t *idle)
{
	struct zephyr_wasm_app *app = last;
	k_timepoint_t first = sys_timepoint_calc(K_FOREVER);

	for (size_t i = 0; i <= CONFIG_WASM_MAX_APPS; i++) {
		app = zephyr_wasm_next(app);
		if (app == NULL || !may_run(app)) {
			continue;
		}
		if (is_due(app)) {
			return app;
		}
		if (app->turn.waits && sys_timepoint_cmp(app->turn.until, first) < 0) {
			first = app->turn.until;
		}
	}
	*idle = sys_timepoint_timeout(first);
	return NULL;
}

/* Finds and loads an app's module. Returns NULL if the app is refused, and writes the reason to @p
 * end and @p detail. */
static void *enter(struct zephyr_wasm_app *app, uint8_t *end, int32_t *detail)
{
	struct zephyr_wasm_source source;
	struct zephyr_wasm_limits limits;

	*end = zephyr_wasm_find_module(app, &source, &limits, detail);
	if (*end != ZEPHYR_WASM_END_NONE) {
		return NULL;
	}
	return zephyr_wasm_rs_enter(&source, &limits, end, detail, app->message);
}

/* Runs an app until it waits or ends. Returns whether it has ended, and writes how. */
static bool step(struct zephyr_wasm_app *app, uint8_t *end, int32_t *detail)
{
	if (app->turn.member == NULL) {
		app->turn.member = enter(app, end, detail);
		if (app->turn.member == NULL) {
			return true;
		}
	}
	return zephyr_wasm_rs_step(app->turn.member, end, detail, app->message);
}

static void take_turns(void *unused1, void *unused2, void *unused3)
{
	struct zephyr_wasm_app *last = NULL;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	while (true) {
		k_timeout_t idle;
		struct zephyr_wasm_app *app = next(last, &idle);
		int32_t detail = 0;
		uint8_t end;
		bool is_over;

		if (app == NULL) {
			(void)k_sem_take(&carrier.wake, idle);
			continue;
		}
		/* The app may have been killed since next(). */
		k_sched_lock();
		carrier.active = may_run(app) ? app : NULL;
		k_sched_unlock();
		if (carrier.active == NULL) {
			continue;
		}
		last = app;
		app->turn.ready = false;
		is_over = step(app, &end, &detail);
		/* Both in one step. A kill between them would give the slot to another app, and
		 * this end would be noted for that app. */
		k_sched_lock();
		carrier.active = NULL;
		if (is_over) {
			zephyr_wasm_note_end(app, end, detail);
		}
		k_sched_unlock();
	}
}

static void start_carrier(void)
{
	k_thread_create(&carrier.thread, stack, K_KERNEL_STACK_SIZEOF(stack), take_turns, NULL,
			NULL, NULL, CONFIG_WASM_APP_PRIORITY, 0, K_NO_WAIT);
	k_thread_name_set(&carrier.thread, "wasm");
}

void zephyr_wasm_thread_create(struct zephyr_wasm_app *app, int priority)
{
	ARG_UNUSED(priority);
	app->turn = (struct zephyr_wasm_turn){.ready = true};
	k_sched_lock();
	if (!carrier.exists) {
		carrier.exists = true;
		k_sem_init(&carrier.wake, 0, 1);
		start_carrier();
	}
	k_sched_unlock();
}

void zephyr_wasm_thread_start(struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	k_sem_give(&carrier.wake);
}

void zephyr_wasm_thread_abort(struct zephyr_wasm_app *app)
{
	if (carrier.active != app) {
		return;
	}
	/* The app was running, so the carrier's stack is its own. It goes with the app, and the
	 * other apps need a new carrier. */
	k_thread_abort(&carrier.thread);
	zephyr_wasm_locks_release(&carrier.thread);
	carrier.active = NULL;
	start_carrier();
}

/* Here, all ends are finished on the reaper's thread, which calls this. A thread for each end would
 * need the stacks that this mode is to save. */
void zephyr_wasm_on_last_thread(struct zephyr_wasm_app *app)
{
	zephyr_wasm_finish(app);
}

void zephyr_wasm_end_sleep(struct zephyr_wasm_app *app)
{
	zephyr_wasm_wake(app);
}

void zephyr_wasm_thread_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status)
{
	ARG_UNUSED(app);
#ifdef CONFIG_INIT_STACKS
	size_t unused;

	/* All apps share the stack: the most that any app has used since the carrier was created.
	 */
	if (k_thread_stack_space_get(&carrier.thread, &unused) == 0) {
		status->stack_peak = K_KERNEL_STACK_SIZEOF(stack) - unused;
	}
#else
	ARG_UNUSED(status);
#endif
}
