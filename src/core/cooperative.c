/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * All apps on one thread, one after the other: each runs until it waits in a host call, and the
 * next one goes on. What an app is, is in its own memory; the stack has nothing of those that wait.
 * So whatever ends the app that runs ends the thread with it, and the others go on on a new one.
 */

#include <zephyr/kernel.h>

#include "app.h"
#include "locks.h"
#include "mark.h"
#include "module.h"
#include "pool.h"
#include "slots.h"
#include "thread.h"
#include "turns.h"

static K_KERNEL_STACK_DEFINE(stack, CONFIG_WASM_APP_STACK_SIZE);

static struct {
	struct k_thread thread;
	/* Whose code the thread is in; NULL between two apps. */
	struct zephyr_wasm_app *active;
	struct k_sem wake;
	bool exists;
} carrier;

struct zephyr_wasm_app *zephyr_wasm_current(void)
{
	return k_current_get() == &carrier.thread ? carrier.active : NULL;
}

void zephyr_wasm_wake(const struct zephyr_wasm_app *app)
{
	if (app != NULL && app != ZEPHYR_WASM_FIRMWARE) {
		/* Whoever owns a resource is an app of ours. */
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

/* Called by the runtime after each call that may wait. */
bool zephyr_wasm_suspends(void)
{
	struct zephyr_wasm_turn *turn = &zephyr_wasm_current()->turn;
	bool suspends = turn->suspends;

	turn->suspends = false;
	if (!suspends) {
		/* The next call begins a wait of its own. */
		turn->waits = false;
	}
	return suspends;
}

bool zephyr_wasm_gives_up(struct k_sem *event, k_timepoint_t end)
{
	/* What has happened was taken before; the semaphore is for threads that wait. */
	k_sem_reset(event);
	(void)zephyr_wasm_suspend(sys_timepoint_timeout(end));
	return true;
}

/* Whether it is an app's turn, if no other's. */
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

/* The app that waits no longer, behind the one that ran last; NULL, and how long there is none. */
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

/* Finds an app's module, and loads it: NULL, and the end, if it is refused. */
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
		k_sched_lock();
		carrier.active = may_run(app) ? app : NULL;
		k_sched_unlock();
		if (carrier.active == NULL) {
			continue;
		}
		last = app;
		app->turn.ready = false;
		is_over = step(app, &end, &detail);
		/* From here on, this thread is not the app's. A kill in between would have the slot
		 * be another's, whose end this is not. */
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

void zephyr_wasm_carry(struct zephyr_wasm_app *app, int priority)
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

void zephyr_wasm_go(struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	k_sem_give(&carrier.wake);
}

void zephyr_wasm_put_down(struct zephyr_wasm_app *app)
{
	if (carrier.active != app) {
		return;
	}
	/* It was in the middle of its turn. */
	k_thread_abort(&carrier.thread);
	zephyr_wasm_locks_release(&carrier.thread);
	carrier.active = NULL;
	start_carrier();
}

/* The reaper's is for that here: the ends of apps share a thread, too. */
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

	/* Of all apps together, since one has last ended in its turn. */
	if (k_thread_stack_space_get(&carrier.thread, &unused) == 0) {
		status->stack_peak = K_KERNEL_STACK_SIZEOF(stack) - unused;
	}
#else
	ARG_UNUSED(status);
#endif
}
