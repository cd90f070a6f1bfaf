/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Gives each app a thread of its own. Where apps share one thread, cooperative.c takes the place of
 * this file.
 */

#include <zephyr/kernel.h>

#include "app.h"
#include "entry.h"
#include "locks.h"
#include "mark.h"
#include "slots.h"
#include "thread.h"

/* Threads on which the ends of apps are finished. They use the stacks of the apps' threads, but are
 * not apps' threads: on them, no app is the current one. */
static struct {
	struct k_thread thread;
	bool exists;
} last[CONFIG_WASM_MAX_APPS];

#if CONFIG_WASM_MAX_APPS > 1
/* The priorities that apps were started with. */
static int own_priorities[CONFIG_WASM_MAX_APPS];
#endif

struct zephyr_wasm_app *zephyr_wasm_current(void)
{
	struct zephyr_wasm_app *app = CONTAINER_OF(k_current_get(), struct zephyr_wasm_app, thread);

	return zephyr_wasm_is_slot(app) ? app : NULL;
}

void zephyr_wasm_thread_create(struct zephyr_wasm_app *app, int priority)
{
	size_t slot = zephyr_wasm_slot_of(app);

	if (last[slot].exists) {
		/* This thread has reported the app's end, and does nothing after that. */
		k_thread_abort(&last[slot].thread);
		last[slot].exists = false;
	}
#if CONFIG_WASM_MAX_APPS > 1
	own_priorities[slot] = priority;
#endif
	zephyr_wasm_make_thread(app, priority);
	k_thread_name_set(&app->thread, app->image->name);
}

void zephyr_wasm_thread_abort(struct zephyr_wasm_app *app)
{
	k_thread_abort(&app->thread);
	zephyr_wasm_locks_release(&app->thread);
}

static void last_main(void *app, void *unused1, void *unused2)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	zephyr_wasm_finish(app);
}

#ifdef CONFIG_INIT_STACKS
/* The most bytes of its stack that an app has used; 0 if not known. */
static size_t stack_peak(const struct zephyr_wasm_app *app)
{
	k_thread_stack_t *stack;
	size_t size = zephyr_wasm_stack_of(zephyr_wasm_slot_of(app), &stack);
	size_t unused;

	return k_thread_stack_space_get(&app->thread, &unused) == 0 ? size - unused : 0;
}
#endif

void zephyr_wasm_on_last_thread(struct zephyr_wasm_app *app)
{
	size_t slot = zephyr_wasm_slot_of(app);
	k_thread_stack_t *stack;
	size_t size = zephyr_wasm_stack_of(slot, &stack);
	size_t held = (uint8_t *)app->host - (uint8_t *)stack;

	/* On boards, the runtime's instance of the app is on the app's stack, near its start. This
	 * thread uses the part of the stack below that. Zephyr rounds a stack and its guard up
	 * together, by up to a kilobyte (RISC-V), which must not reach the instance. */
	if (held < size + K_KERNEL_STACK_RESERVED) {
		size = ROUND_DOWN(held, Z_KERNEL_STACK_OBJ_ALIGN) - K_KERNEL_STACK_RESERVED;
	}
#ifdef CONFIG_INIT_STACKS
	app->stack_peak = stack_peak(app);
#endif
	last[slot].exists = true;
	k_thread_create(&last[slot].thread, stack, size, last_main, app, NULL, NULL,
			CONFIG_SYSTEM_WORKQUEUE_PRIORITY, 0, K_NO_WAIT);
}

void zephyr_wasm_end_sleep(struct zephyr_wasm_app *app)
{
	k_wakeup(&app->thread);
}

#if CONFIG_WASM_MAX_APPS > 1
/* Whether an app's thread exists and may still run. */
static bool is_alive(const struct zephyr_wasm_app *app)
{
	return zephyr_wasm_has_life(app) && app->noted_end == ZEPHYR_WASM_END_NONE;
}

/* Raises the priority of an app. Called under the scheduler's lock. Returns false if the app is as
 * urgent already. */
static bool hurry(struct zephyr_wasm_app *app)
{
	bool is_late = k_thread_priority_get(&app->thread) > ZEPHYR_WASM_HURRIED;

	if (is_late) {
		k_thread_priority_set(&app->thread, ZEPHYR_WASM_HURRIED);
	}
	return is_late;
}

static void hurry_call(struct zephyr_wasm_app *app)
{
	/* At the end of the call, zephyr_wasm_mark_end() sees `is_lent`. */
	if (app->mark.depth > 0 && is_alive(app) && hurry(app)) {
		app->mark.is_lent = 1;
	}
}

void zephyr_wasm_hurry_current(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		k_sched_lock();
		hurry_call(app);
		k_sched_unlock();
	}
}

bool zephyr_wasm_hurry_killed(bool is_again)
{
	bool waits = false;

	k_sched_lock();
	for (size_t i = 0; i < ARRAY_SIZE(zephyr_wasm_apps); i++) {
		struct zephyr_wasm_app *app = &zephyr_wasm_apps[i];

		if (app->mark.pending_end != ZEPHYR_WASM_END_NONE && is_alive(app)) {
			waits = true;
			(void)hurry(app);
		}
	}
	for (size_t i = 0; waits && is_again && i < ARRAY_SIZE(zephyr_wasm_apps); i++) {
		hurry_call(&zephyr_wasm_apps[i]);
	}
	k_sched_unlock();
	return waits;
}

int zephyr_wasm_own_priority(const struct zephyr_wasm_app *app)
{
	return own_priorities[zephyr_wasm_slot_of(app)];
}

void zephyr_wasm_give_priority(struct zephyr_wasm_app *app)
{
	/* Outside of host calls, the app has no mutex that has raised its priority. */
	k_sched_lock();
	if (app->mark.is_lent != 0) {
		app->mark.is_lent = 0;
		k_thread_priority_set(&app->thread, zephyr_wasm_own_priority(app));
	}
	k_sched_unlock();
}
#endif

void zephyr_wasm_thread_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status)
{
#ifdef CONFIG_INIT_STACKS
	/* After the app's end, its stack is used by the thread that finishes it, so the peak is
	 * taken before. */
	status->stack_peak = app->stack_peak != 0 ? app->stack_peak : stack_peak(app);
#endif
#ifdef CONFIG_THREAD_RUNTIME_STATS
	struct k_thread_runtime_stats stats;

	if (k_thread_runtime_stats_get(&app->thread, &stats) == 0) {
		status->run_cycles = stats.execution_cycles;
	}
#endif
#ifdef CONFIG_SCHED_THREAD_USAGE_ANALYSIS
	status->wakeups = app->thread.base.usage.num_windows;
#endif
	ARG_UNUSED(app);
	ARG_UNUSED(status);
}

bool zephyr_wasm_gives_up(struct k_sem *event, k_timepoint_t until)
{
	return zephyr_wasm_is_asked() || zephyr_wasm_take(event, sys_timepoint_timeout(until)) != 0;
}

uint32_t zephyr_wasm_wait_for_timer(struct k_timer *timer)
{
	uint32_t expired;

	zephyr_wasm_wait_begin();
	expired = k_timer_status_sync(timer);
	zephyr_wasm_wait_end();
	return expired;
}

void zephyr_wasm_sleep(k_ticks_t ticks)
{
	zephyr_wasm_wait_begin();
	if (ticks == 0) {
		k_yield();
	} else {
		k_sleep(K_TICKS(ticks));
	}
	zephyr_wasm_wait_end();
}
