/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Looks after apps: starts them again, ends those that give no sign of life, and holds each to its
 * share of the processor. All of it is on the system's work queue.
 */

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "core/internal.h"
#include "watchdog.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

#define PERIOD K_MSEC(CONFIG_WASM_SUPERVISOR_PERIOD)

/* What an app may save up of its share, in rounds. */
#define MOST_SAVED 10

static void look(struct k_work *work);

static K_WORK_DELAYABLE_DEFINE(rounds, look);

static enum zephyr_wasm_restart policy_of(const struct zephyr_wasm_image *image)
{
	static const char *const names[] = {"never", "on-failure", "always"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (zephyr_wasm_rs_says(image->wasm, image->size, ZEPHYR_WASM_KEY_RESTART,
					names[i])) {
			return (enum zephyr_wasm_restart)i;
		}
	}
	return ZEPHYR_WASM_RESTART_NEVER;
}

static void start_again(struct k_work *work)
{
	struct k_work_delayable *delayable = k_work_delayable_from_work(work);
	struct zephyr_wasm_app *app =
		CONTAINER_OF(delayable, struct zephyr_wasm_app, supervision.restart);

	if (zephyr_wasm_slot_claim(app, ZEPHYR_WASM_STATE_BACKING_OFF)) {
		app->supervision.restarts++;
		zephyr_wasm_launch(app);
	}
}

void zephyr_wasm_supervisor_enter(struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_image *image = app->image;
	struct zephyr_wasm_supervision *of = &app->supervision;

	/* A call that someone made is not made again. */
	of->policy = app->call == NULL ? policy_of(image) : ZEPHYR_WASM_RESTART_NEVER;
#ifdef CONFIG_WASM_WASI
	if (app->command != NULL) {
		of->policy = ZEPHYR_WASM_RESTART_NEVER;
	}
#endif
	of->heartbeat =
		zephyr_wasm_rs_setting(image->wasm, image->size, ZEPHYR_WASM_KEY_HEARTBEAT, 0);
	of->share = zephyr_wasm_rs_setting(image->wasm, image->size, ZEPHYR_WASM_KEY_CPU, 0);
	of->backoff = CONFIG_WASM_BACKOFF_FIRST;
	k_work_init_delayable(&of->restart, start_again);
}

void zephyr_wasm_supervisor_launched(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_supervision *of = &app->supervision;

	of->launched = k_uptime_get();
	of->beaten = of->launched;
	of->looked = of->launched;
	of->cycles = 0;
	of->owed = 0;
	of->saved = 0;
	of->charged = k_cycle_get_32();
}

void zephyr_wasm_supervisor_published(const struct zephyr_wasm_app *app)
{
	if (app->supervision.heartbeat != 0 || app->supervision.share != 0) {
		(void)k_work_schedule(&rounds, PERIOD);
	}
}

void zephyr_wasm_supervisor_beat(struct zephyr_wasm_app *app)
{
	/* Read on the work queue, which could see half of it otherwise. */
	unsigned int key = irq_lock();

	app->supervision.beaten = k_uptime_get();
	irq_unlock(key);
}

/* Whether an app that has ended is started again, as it stands. */
static bool is_started_again(const struct zephyr_wasm_app *app)
{
	bool well = app->end == ZEPHYR_WASM_END_RETURNED && app->detail == 0;

	/* What is refused now is refused every time. */
	return app->end != ZEPHYR_WASM_END_REFUSED &&
	       app->supervision.policy != ZEPHYR_WASM_RESTART_NEVER &&
	       !(well && app->supervision.policy == ZEPHYR_WASM_RESTART_ON_FAILURE);
}

void zephyr_wasm_supervisor_ended(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_supervision *of = &app->supervision;
	const struct zephyr_wasm_image *image = app->image;
	uint32_t wait = 0;

	k_sched_lock();
	if (is_started_again(app)) {
		if (k_uptime_get() - of->launched >= CONFIG_WASM_BACKOFF_MOST) {
			of->backoff = CONFIG_WASM_BACKOFF_FIRST;
		}
		wait = of->backoff;
		app->state = ZEPHYR_WASM_STATE_BACKING_OFF;
		(void)k_work_schedule(&of->restart, K_MSEC(wait));
		of->backoff = MIN(2 * of->backoff, CONFIG_WASM_BACKOFF_MOST);
	} else {
		zephyr_wasm_slot_ended(app);
	}
	k_sched_unlock();
	/* The app may be another's by now. */
	if (wait != 0) {
		LOG_WRN("%s: started again in %u ms", image->name, wait);
	}
}

void zephyr_wasm_supervisor_leave(struct zephyr_wasm_app *app)
{
	k_sched_lock();
	app->supervision.policy = ZEPHYR_WASM_RESTART_NEVER;
	if (app->state == ZEPHYR_WASM_STATE_BACKING_OFF) {
		(void)k_work_cancel_delayable(&app->supervision.restart);
		zephyr_wasm_slot_ended(app);
	}
	k_sched_unlock();
}

static void check_heartbeat(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_supervision *of = &app->supervision;

	if (zephyr_wasm_is_kept_waiting(app)) {
		/* It cannot give signs of life. */
		zephyr_wasm_supervisor_beat(app);
		return;
	}
	if (of->heartbeat != 0 && app->state == ZEPHYR_WASM_STATE_RUNNING && app->mark.halts == 0 &&
	    k_uptime_get() - of->beaten > of->heartbeat) {
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
		zephyr_wasm_apps[zephyr_wasm_slot_of(app)].supervision.owed += (uint32_t)run;
		irq_unlock(key);
	}
}

bool zephyr_wasm_is_over_share(const struct zephyr_wasm_app *app)
{
	unsigned int key = irq_lock();
	bool is_over = zephyr_wasm_is_slot(app) && app->supervision.share != 0 &&
		       app->supervision.saved < app->supervision.owed;

	irq_unlock(key);
	return is_over;
}

/* An app earns its share of each round, and pays what its thread has run, and others for it. */
static void charge(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_supervision *of = &app->supervision;
	uint64_t cycles = cycles_of(&app->thread);
	uint32_t now = k_cycle_get_32();
	int64_t earned = (int64_t)(now - of->charged) * of->share / 100;
	int64_t uptime = k_uptime_get();
	bool was_throttled = (app->mark.halts & ZEPHYR_WASM_HALT_THROTTLED) != 0;
	/* The others look at it. */
	unsigned int key = irq_lock();

	if (was_throttled) {
		/* It could not give signs of life meanwhile. This is none: one that computes would
		 * not need any other. */
		of->beaten += uptime - of->looked;
	}
	of->looked = uptime;
	of->saved = MIN(of->saved + earned, MOST_SAVED * earned) - (int64_t)(cycles - of->cycles) -
		    of->owed;
	of->owed = 0;
	of->cycles = cycles;
	of->charged = now;
	irq_unlock(key);
	if (of->saved < 0) {
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
		struct zephyr_wasm_supervision *of = &app->supervision;

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
