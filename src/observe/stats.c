/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The counters of each app as a group of Zephyr's statistics, which MCUmgr's statistics group
 * reads. Each slot has a group, with the name of the last app on the slot.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/stats/stats.h>

#include "core/app.h"
#include "core/observer.h"
#include "core/slots.h"
#include "metrics.h"

#define PREFIX "wasm:"
#define PERIOD K_MSEC(CONFIG_WASM_STATS_PERIOD_MS)

STATS_SECT_START(zephyr_wasm_app)
STATS_SECT_ENTRY32(starts)
STATS_SECT_ENTRY32(restarts)
STATS_SECT_ENTRY32(failures)
STATS_SECT_ENTRY32(traps)
STATS_SECT_ENTRY32(kills)
STATS_SECT_ENTRY32(log_lines)
STATS_SECT_ENTRY32(handles_peak)
STATS_SECT_ENTRY32(heap_peak)
STATS_SECT_ENTRY32(stack_peak)
STATS_SECT_ENTRY32(run_ms)
STATS_SECT_ENTRY32(host_calls)
STATS_SECT_ENTRY32(wakeups)
STATS_SECT_END;

STATS_NAME_START(zephyr_wasm_app)
STATS_NAME(zephyr_wasm_app, starts)
STATS_NAME(zephyr_wasm_app, restarts)
STATS_NAME(zephyr_wasm_app, failures)
STATS_NAME(zephyr_wasm_app, traps)
STATS_NAME(zephyr_wasm_app, kills)
STATS_NAME(zephyr_wasm_app, log_lines)
STATS_NAME(zephyr_wasm_app, handles_peak)
STATS_NAME(zephyr_wasm_app, heap_peak)
STATS_NAME(zephyr_wasm_app, stack_peak)
STATS_NAME(zephyr_wasm_app, run_ms)
STATS_NAME(zephyr_wasm_app, host_calls)
STATS_NAME(zephyr_wasm_app, wakeups)
STATS_NAME_END(zephyr_wasm_app);

/** The statistics of a slot, and the name of their group, which has to outlive the app. */
struct slot {
	STATS_SECT_DECL(zephyr_wasm_app) stats;
	char name[sizeof(PREFIX) + ZEPHYR_WASM_NAME_SIZE];
};

static struct slot slots[CONFIG_WASM_MAX_APPS];

static void look(struct k_work *work);

static K_WORK_DELAYABLE_DEFINE(rounds, look);

#define COUNTERS(slot) ((slot)->stats)
#define COUNT          ((sizeof(slots[0].stats) - sizeof(struct stats_hdr)) / sizeof(uint32_t))

/* Whether the store only checks a module on this slot. That is no start of the app. */
static bool is_check(const struct zephyr_wasm_app *app)
{
	return app->call != NULL && app->call->function == NULL;
}

/* Updates the statistics of an app by what it has used so far. */
static void refresh(struct zephyr_wasm_app *app)
{
	static struct zephyr_wasm_status status;
	struct slot *slot = &slots[zephyr_wasm_slot_of(app)];

	if (zephyr_wasm_status(app, &status) != 0) {
		return;
	}
	STATS_SET(COUNTERS(slot), restarts, status.restarts);
	STATS_SET(COUNTERS(slot), heap_peak, status.heap_peak);
	STATS_SET(COUNTERS(slot), stack_peak, status.stack_peak);
	STATS_SET(COUNTERS(slot), run_ms, k_cyc_to_ms_floor64(status.run_cycles));
	STATS_SET(COUNTERS(slot), host_calls, zephyr_wasm_calls_of(app));
	STATS_SET(COUNTERS(slot), wakeups, status.wakeups);
	STATS_SET(COUNTERS(slot), handles_peak,
		  MAX(COUNTERS(slot).handles_peak, MAX(status.held, status.held_peak)));
}

static void look(struct k_work *work)
{
	bool again = false;

	ARG_UNUSED(work);
	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		if (zephyr_wasm_has_life(app)) {
			refresh(app);
			again = true;
		}
	}
	if (again) {
		(void)k_work_schedule(&rounds, PERIOD);
	}
}

static void launched(struct zephyr_wasm_app *app)
{
	struct slot *slot = &slots[zephyr_wasm_slot_of(app)];
	char name[sizeof(slot->name)];

	if (is_check(app)) {
		return;
	}
	snprintk(name, sizeof(name), PREFIX "%s", app->image->name);
	/* Apps are started from several threads, and Zephyr's list of groups has no lock. */
	k_sched_lock();
	if (strcmp(name, slot->name) != 0) {
		bool is_new = slot->name[0] == '\0';

		strcpy(slot->name, name);
		if (is_new) {
			(void)stats_init_and_reg(&COUNTERS(slot).s_hdr, sizeof(uint32_t), COUNT,
						 STATS_NAME_INIT_PARMS(zephyr_wasm_app),
						 slot->name);
		} else {
			stats_reset(&COUNTERS(slot).s_hdr);
		}
	}
	k_sched_unlock();
	STATS_INC(COUNTERS(slot), starts);
	(void)k_work_schedule(&rounds, PERIOD);
}

static void ended(struct zephyr_wasm_app *app)
{
	struct slot *slot = &slots[zephyr_wasm_slot_of(app)];

	if (is_check(app)) {
		return;
	}
	refresh(app);
	if (app->end == ZEPHYR_WASM_END_KILLED) {
		STATS_INC(COUNTERS(slot), kills);
	} else if (app->end != ZEPHYR_WASM_END_RETURNED || app->detail != 0) {
		STATS_INC(COUNTERS(slot), failures);
	}
	if (app->end == ZEPHYR_WASM_END_TRAPPED) {
		STATS_INC(COUNTERS(slot), traps);
	}
}

static void logged(struct zephyr_wasm_app *app, uint32_t level, const char *line)
{
	struct slot *slot = &slots[zephyr_wasm_slot_of(app)];

	ARG_UNUSED(level);
	ARG_UNUSED(line);
	STATS_INC(COUNTERS(slot), log_lines);
}

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	if (event == ZEPHYR_WASM_EVENT_LAUNCHED) {
		launched(app);
	} else if (event == ZEPHYR_WASM_EVENT_ENDED) {
		ended(app);
	}
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, stats) = {.on = on, .logged = logged};
