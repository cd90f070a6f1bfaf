/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Supervises apps: starts them again, ends those that give no heartbeat, and holds each to its
 * share of the processor. All of this runs on the system work queue. The policy is in
 * rust/supervise.
 */

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "core/app.h"
#include "core/halt.h"
#include "core/observer.h"
#include "core/slots.h"
#include "core/wait.h"
#include "supervisor.h"
#include "watchdog.h"
#include "zephyr_wasm_declared.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

#define PERIOD K_MSEC(CONFIG_WASM_SUPERVISOR_PERIOD_MS)

/* The supervisor's data of the app on each slot. */
static struct supervision {
	struct k_work_delayable restart;
	struct zephyr_wasm_supervised of;
} supervisions[CONFIG_WASM_MAX_APPS];

static struct zephyr_wasm_supervised *supervised(const struct zephyr_wasm_app *app)
{
	return &supervisions[zephyr_wasm_slot_of(app)].of;
}

const struct zephyr_wasm_supervised *zephyr_wasm_supervised_of(const struct zephyr_wasm_app *app)
{
	return supervised(app);
}

/* Checks all apps periodically, as long as one has a heartbeat or a share. */
static void look(struct k_work *work);

static K_WORK_DELAYABLE_DEFINE(rounds, look);

static void start_again(struct k_work *work)
{
	struct k_work_delayable *delayable = k_work_delayable_from_work(work);
	size_t slot = CONTAINER_OF(delayable, struct supervision, restart) - supervisions;
	struct zephyr_wasm_app *app = &zephyr_wasm_apps[slot];

	if (zephyr_wasm_slot_claim(app, ZEPHYR_WASM_STATE_BACKING_OFF)) {
		supervised(app)->restarts++;
		zephyr_wasm_launch(app);
	}
}

/* Reads the keys of supervision from an app's manifest. */
static void enter(struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_image *image = app->image;

	k_work_init_delayable(&supervisions[zephyr_wasm_slot_of(app)].restart, start_again);
	/* An app that uses memory of whoever started it is not started again, because that memory
	 * may be gone by then. */
	zephyr_wasm_rs_supervise(image->wasm, image->size, zephyr_wasm_is_borrowing(app),
				 CONFIG_WASM_BACKOFF_MIN_MS, supervised(app));
}

static void launched(struct zephyr_wasm_app *app)
{
	zephyr_wasm_rs_launched(supervised(app), k_uptime_get(), k_cycle_get_32());
}

/* Schedules the first check. Not earlier, because a check that finds no app does not schedule the
 * next one. */
static void published(const struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_supervised *of = supervised(app);

	if (of->heartbeat != 0 || of->share != 0) {
		(void)k_work_schedule(&rounds, PERIOD);
	}
}

void zephyr_wasm_supervisor_beat(struct zephyr_wasm_app *app)
{
	/* A 64-bit time takes two stores, and the work queue could read it between them. */
	unsigned int key = irq_lock();

	supervised(app)->beaten = k_uptime_get();
	irq_unlock(key);
}

/* Whether an app that has ended will be started again. If so, schedules that, and the app keeps its
 * slot. */
static bool keeps(struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_image *image = app->image;
	uint32_t wait;

	k_sched_lock();
	wait = zephyr_wasm_rs_again(supervised(app), app->end, app->detail, k_uptime_get(),
				    CONFIG_WASM_BACKOFF_MIN_MS, CONFIG_WASM_BACKOFF_MAX_MS);
	if (wait != 0) {
		app->state = ZEPHYR_WASM_STATE_BACKING_OFF;
		(void)k_work_schedule(&supervisions[zephyr_wasm_slot_of(app)].restart,
				      K_MSEC(wait));
	}
	k_sched_unlock();
	/* Not app->image: with the lock gone, the slot may be another app's. */
	if (wait != 0) {
		LOG_WRN("%s: started again in %u ms", image->name, wait);
	}
	return wait != 0;
}

/* The app was ended for good. It is not started again, even if that was scheduled. */
static void leave(struct zephyr_wasm_app *app)
{
	supervised(app)->restart = ZEPHYR_WASM_RESTART_NEVER;
	if (app->state == ZEPHYR_WASM_STATE_BACKING_OFF) {
		(void)k_work_cancel_delayable(&supervisions[zephyr_wasm_slot_of(app)].restart);
		zephyr_wasm_slot_ended(app);
	}
}

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	switch (event) {
	case ZEPHYR_WASM_EVENT_TAKEN:
		*supervised(app) = (struct zephyr_wasm_supervised){0};
		break;
	case ZEPHYR_WASM_EVENT_ENTERED:
		enter(app);
		break;
	case ZEPHYR_WASM_EVENT_LAUNCHED:
		launched(app);
		break;
	case ZEPHYR_WASM_EVENT_PUBLISHED:
		published(app);
		break;
	case ZEPHYR_WASM_EVENT_RESUMED:
		/* While the app was paused, it could give no heartbeat. */
		zephyr_wasm_supervisor_beat(app);
		break;
	case ZEPHYR_WASM_EVENT_LEFT:
		leave(app);
		break;
	default:
		break;
	}
}

static void status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status)
{
	status->restarts = supervised(app)->restarts;
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, supervisor) = {.on = on, .status = status, .keeps = keeps};

static void check_heartbeat(struct zephyr_wasm_app *app)
{
	if (zephyr_wasm_is_kept_waiting(app)) {
		/* Another app on the same thread keeps this one from giving a heartbeat. */
		zephyr_wasm_supervisor_beat(app);
		return;
	}
	if (app->state == ZEPHYR_WASM_STATE_RUNNING && app->mark.halts == 0 &&
	    zephyr_wasm_rs_is_silent(supervised(app), k_uptime_get())) {
		zephyr_wasm_end_from_outside(app, ZEPHYR_WASM_END_UNRESPONSIVE);
	}
}

#ifdef CONFIG_WASM_CPU_SHARES
static uint64_t cycles_of(struct k_thread *thread)
{
	struct k_thread_runtime_stats stats;

	return k_thread_runtime_stats_get(thread, &stats) == 0 ? stats.execution_cycles : 0;
}

uint64_t zephyr_wasm_pay_from(void)
{
	return cycles_of(k_current_get());
}

void zephyr_wasm_pay(const struct zephyr_wasm_app *app, uint64_t from)
{
	uint64_t run = cycles_of(k_current_get()) - from;
	unsigned int key;

	if (zephyr_wasm_is_slot(app)) {
		key = irq_lock();
		supervised(app)->owed += (uint32_t)run;
		irq_unlock(key);
	}
}

bool zephyr_wasm_is_over_share(const struct zephyr_wasm_app *app)
{
	unsigned int key = irq_lock();
	bool is_over = zephyr_wasm_is_slot(app) && zephyr_wasm_rs_is_over_share(supervised(app));

	irq_unlock(key);
	return is_over;
}

/* Counts the time that an app has run. An app that has used up its share waits until it has earned
 * more. */
static void charge(struct zephyr_wasm_app *app)
{
	uint64_t run = cycles_of(&app->thread);
	uint32_t now = k_cycle_get_32();
	int64_t uptime = k_uptime_get();
	bool was_throttled = (app->mark.halts & ZEPHYR_WASM_HALT_THROTTLED) != 0;
	/* zephyr_wasm_pay() and zephyr_wasm_is_over_share() use it on other threads. */
	unsigned int key = irq_lock();
	bool waits = zephyr_wasm_rs_charge(supervised(app), run, uptime, now, was_throttled);

	irq_unlock(key);
	if (waits) {
		zephyr_wasm_halt(app, ZEPHYR_WASM_HALT_THROTTLED);
	} else if (was_throttled) {
		zephyr_wasm_unhalt(app, ZEPHYR_WASM_HALT_THROTTLED);
	}
}

#else
static void charge(struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
}
#endif

static void look(struct k_work *work)
{
	bool again = IS_ENABLED(CONFIG_WASM_WATCHDOG);

	ARG_UNUSED(work);
	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		const struct zephyr_wasm_supervised *of = supervised(app);

		if (!zephyr_wasm_has_life(app)) {
			continue;
		}
		check_heartbeat(app);
		if (of->share != 0) {
			charge(app);
		}
		again |= of->heartbeat != 0 || of->share != 0;
	}
	zephyr_wasm_watchdog_feed();
	if (again) {
		(void)k_work_schedule(&rounds, PERIOD);
	}
}

#ifdef CONFIG_WASM_WATCHDOG
static int start(void)
{
	int result = zephyr_wasm_watchdog_start();

	(void)k_work_schedule(&rounds, PERIOD);
	return result;
}

SYS_INIT(start, APPLICATION, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);
#endif
