/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The life of an app: how it is started, and how it ends. slots.c manages the slots.
 *
 * An app ends in three steps:
 *
 * - The end is noted, on the app's own thread or by whoever ends the app.
 * - The reaper, a thread that does nothing else, aborts the app's thread.
 * - What the app holds is freed on a second thread that each slot has for this. That thread then
 *   wakes those that wait for the end.
 *
 * So nothing of an app's end runs on the app's own thread, which may be broken. Nothing waits for
 * that thread, which may never run again. And a driver that does not return while it closes
 * something delays no other app's end.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "app.h"
#include "halt.h"
#include "images.h"
#include "module.h"
#include "observer.h"
#include "pool.h"
#include "region.h"
#include "slots.h"
#include "text.h"
#include "thread.h"

LOG_MODULE_REGISTER(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

BUILD_ASSERT(CONFIG_WASM_APP_STACK_SIZE >= CONFIG_WASM_APP_STACK_NEEDED,
	     "CONFIG_WASM_APP_STACK_SIZE is less than CONFIG_WASM_APP_STACK_NEEDED, which loading "
	     "an app takes in this image");

/* How often the reaper raises the priority of host calls that a kill waits for. */
#define AGAIN K_MSEC(10)

/* Given when an end is noted, or when a kill waits for a host call: wakes the reaper. */
static K_SEM_DEFINE(noted, 0, 1);

void zephyr_wasm_note_end(struct zephyr_wasm_app *app, enum zephyr_wasm_end end, int32_t detail)
{
	unsigned int key = irq_lock();
	bool first = app->noted_end == ZEPHYR_WASM_END_NONE;

	if (first) {
		app->noted_end = end;
		app->detail = detail;
		app->is_noted = true;
	}
	irq_unlock(key);
	k_sem_give(&noted);
}

void zephyr_wasm_end_current(enum zephyr_wasm_end end)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app == NULL) {
		return;
	}
	zephyr_wasm_note_end(app, end, 0);
	while (true) {
		/* Until the reaper aborts this thread. */
		k_sleep(K_FOREVER);
	}
}

static void tell_refused(struct zephyr_wasm_app *app, size_t size)
{
	size_t used = strlen(app->message);

	snprintk(&app->message[used], sizeof(app->message) - used,
		 ": %u bytes more do not fit its %u (heap, CONFIG_WASM_APP_HEAP_SIZE)",
		 (unsigned int)size, (unsigned int)app->heap_size);
}

/* Whether an observer will start an app again that has ended. */
static bool is_kept(struct zephyr_wasm_app *app)
{
	ZEPHYR_WASM_FOREACH_OBSERVER(observer) {
		if (observer->keeps != NULL && observer->keeps(app)) {
			return true;
		}
	}
	return false;
}

void zephyr_wasm_finish(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_region_use use;

	zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_ABORTED);
	if (app->host != NULL) {
		zephyr_wasm_rs_close(app->host);
	}
	zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_CLOSED);
	/* Resources without a handle: the thread ended while it made them. */
	zephyr_wasm_pools_close(app);
	use = zephyr_wasm_region_use(app);
	app->heap_peak = use.peak;
	app->linear.size = use.linear_memory;
	if (app->message[0] == '\0') {
		zephyr_wasm_rs_describe(app->noted_end, app->message);
		if (app->noted_end == ZEPHYR_WASM_END_OUT_OF_MEMORY) {
			tell_refused(app, use.refused);
		}
		zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_DESCRIBED);
	}
	/* The message may quote the app, for example the name of an import. */
	zephyr_wasm_disarm(app->message);
	app->end = app->noted_end;
	if (app->is_given) {
		/* Whoever started it reports its end. */
		LOG_DBG("%s: %s", app->image->name, app->message);
	} else if (app->end == ZEPHYR_WASM_END_RETURNED && app->detail == 0) {
		LOG_INF("%s: %s", app->image->name, app->message);
	} else if (app->end == ZEPHYR_WASM_END_REFUSED) {
		LOG_ERR("%s: refused: %s", app->image->name, app->message);
	} else {
		LOG_ERR("%s: %s", app->image->name, app->message);
	}
	zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_ENDED);
	/* The last step: from here on, the slot is free to be taken. */
	if (!is_kept(app)) {
		zephyr_wasm_slot_ended(app);
	}
}

static void reap(void *unused1, void *unused2, void *unused3)
{
	bool waits = false;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	while (true) {
		bool is_again = k_sem_take(&noted, waits ? AGAIN : K_FOREVER) != 0;

		for (size_t i = 0; i < ARRAY_SIZE(zephyr_wasm_apps); i++) {
			struct zephyr_wasm_app *app = &zephyr_wasm_apps[i];

			if (app->is_noted) {
				app->is_noted = false;
				zephyr_wasm_thread_abort(app);
				zephyr_wasm_on_last_thread(app);
			}
		}
		waits = zephyr_wasm_hurry_killed(is_again);
	}
}

/* As urgent as the system work queue, so that whoever kills an app that computes does not wait for
 * that app. */
K_KERNEL_THREAD_DEFINE(zephyr_wasm_reaper, CONFIG_WASM_REAPER_STACK_SIZE, reap, NULL, NULL, NULL,
		       CONFIG_SYSTEM_WORKQUEUE_PRIORITY, 0, 0);

/* The priority of an app. Its manifest may ask for any that is less urgent than the threads that
 * can end the app. */
static int priority_of(const struct zephyr_wasm_app *app,
		       const struct zephyr_wasm_manifest *manifest)
{
	const struct zephyr_wasm_image *image = app->image;

	if (app->call != NULL && app->call->function == NULL) {
		/* The module is only checked, and none of its code runs. An app that computes may
		 * slow the check down, but must not keep an update, or the revocation of a key,
		 * from the processor. */
		return CONFIG_WASM_APP_PRIORITY_HIGHEST;
	}
	if (image->priority != ZEPHYR_WASM_PRIORITY_OF_MANIFEST) {
		return image->priority;
	}
	if (manifest->priority < 0) {
		return CONFIG_WASM_APP_PRIORITY;
	}
	return CLAMP(manifest->priority, CONFIG_WASM_APP_PRIORITY_HIGHEST,
		     K_LOWEST_APPLICATION_THREAD_PRIO);
}

void zephyr_wasm_launch(struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_image *image = app->image;
	struct zephyr_wasm_manifest manifest;

	zephyr_wasm_rs_manifest(image->wasm, image->size, &manifest);
	zephyr_wasm_region_init(app, manifest.heap);
	app->start_cycles = k_cycle_get_32();
	zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_LAUNCHED);
	zephyr_wasm_thread_create(app, priority_of(app, &manifest));
	zephyr_wasm_slot_publish(app);
}

int zephyr_wasm_start_again(struct zephyr_wasm_app *app)
{
	if (zephyr_wasm_is_borrowing(app)) {
		/* The memory that it was started with may be gone. */
		return -EINVAL;
	}
	if (!zephyr_wasm_slot_claim(app, ZEPHYR_WASM_STATE_ENDED)) {
		return -EBUSY;
	}
	zephyr_wasm_begin(app);
	return 0;
}

int zephyr_wasm_prepare(const struct zephyr_wasm_image *image, const struct zephyr_wasm_call *call,
			struct zephyr_wasm_app **app, struct zephyr_wasm_app **slot)
{
	struct zephyr_wasm_app *taken;

	if (image == NULL || image->name == NULL || !zephyr_wasm_has_module(image)) {
		return -EINVAL;
	}
	taken = zephyr_wasm_slot_take(image);
	if (taken == NULL) {
		LOG_WRN("%s: not started: %d apps are loaded already (CONFIG_WASM_MAX_APPS)",
			image->name, CONFIG_WASM_MAX_APPS);
		return -ENOMEM;
	}
	taken->held = app != NULL;
	taken->call = call;
	if (app != NULL) {
		*app = taken;
	}
	*slot = taken;
	return 0;
}

void zephyr_wasm_begin(struct zephyr_wasm_app *slot)
{
	zephyr_wasm_tell(slot, ZEPHYR_WASM_EVENT_ENTERED);
	zephyr_wasm_launch(slot);
}

int zephyr_wasm_start_for(const struct zephyr_wasm_image *image,
			  const struct zephyr_wasm_call *call, struct zephyr_wasm_app **app)
{
	struct zephyr_wasm_app *slot;
	int result = zephyr_wasm_prepare(image, call, app, &slot);

	if (result == 0) {
		zephyr_wasm_begin(slot);
	}
	return result;
}

int zephyr_wasm_start(const struct zephyr_wasm_image *image, struct zephyr_wasm_app **app)
{
	return zephyr_wasm_start_for(image, NULL, app);
}

int zephyr_wasm_start_all(void)
{
	int count = 0;

	ZEPHYR_WASM_FOREACH_OBSERVER(observer) {
		int result = observer->starts_all == NULL ? 0 : observer->starts_all();

		if (result < 0) {
			return result;
		}
		count += result;
	}
	STRUCT_SECTION_FOREACH(zephyr_wasm_image, image) {
		int result;

		if (zephyr_wasm_is_replaced(image->name)) {
			continue;
		}
		result = zephyr_wasm_start(image, NULL);
		if (result < 0) {
			return result;
		}
		count++;
	}
	return count;
}

/* The state of an app as its status shows it. */
static enum zephyr_wasm_state state_of(const struct zephyr_wasm_app *app)
{
	if (!zephyr_wasm_has_life(app)) {
		return app->state;
	}
	if (app->stopping) {
		return ZEPHYR_WASM_STATE_STOPPING;
	}
	return (app->mark.halts & ZEPHYR_WASM_HALT_PAUSED) != 0 ? ZEPHYR_WASM_STATE_PAUSED
								: app->state;
}

void zephyr_wasm_end_from_outside(struct zephyr_wasm_app *app, enum zephyr_wasm_end end)
{
	/* With the scheduler locked, the app's thread does not run, so it stays inside or outside
	 * of a host call. */
	k_sched_lock();
	if (app->loaded && (app->preparing || (zephyr_wasm_has_life(app) && app->mark.depth > 0))) {
		/* No more of the app's own code runs. The reaper raises its priority. */
		app->mark.pending_end = end;
		k_sem_give(&noted);
	} else if (zephyr_wasm_has_life(app)) {
		zephyr_wasm_note_end(app, end, 0);
	}
	k_sched_unlock();
	if (app->mark.pending_end != ZEPHYR_WASM_END_NONE) {
		zephyr_wasm_pools_wake(app);
	}
}

int zephyr_wasm_kill(struct zephyr_wasm_app *app)
{
	if (!zephyr_wasm_is_loaded(app)) {
		return -EINVAL;
	}
	/* In one step with the end, so that both are about the same app, even if another app takes
	 * the slot. */
	k_sched_lock();
	zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_LEFT);
	zephyr_wasm_end_from_outside(app, ZEPHYR_WASM_END_KILLED);
	k_sched_unlock();
	return 0;
}

/* Fills in what is known of the app itself, as a snapshot. Called under the scheduler's lock. */
static int look_at(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status)
{
	if (!zephyr_wasm_is_loaded(app)) {
		return -EINVAL;
	}
	*status = (struct zephyr_wasm_status){
		.state = state_of(app),
		.end = app->end,
		.heap_peak = app->heap_peak,
		.heap_size = app->heap_size,
		.held = zephyr_wasm_pools_count(app),
		.stack_size = CONFIG_WASM_APP_STACK_SIZE,
		.linear_memory = app->linear.size,
		.compiled = app->compiled,
		.start_cycles = app->state == ZEPHYR_WASM_STATE_STARTING ? 0 : app->start_cycles,
	};
	if (app->state == ZEPHYR_WASM_STATE_ENDED || app->state == ZEPHYR_WASM_STATE_BACKING_OFF) {
		status->detail = app->detail;
		memcpy(status->message, app->message, sizeof(status->message));
	} else {
		struct zephyr_wasm_region_use use = zephyr_wasm_region_use(app);

		status->heap_used = use.now;
		status->heap_peak = use.peak;
		status->linear_memory = use.linear_memory;
	}
	ZEPHYR_WASM_FOREACH_OBSERVER(observer) {
		if (observer->status != NULL) {
			observer->status(app, status);
		}
	}
	return 0;
}

int zephyr_wasm_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status)
{
	int result;

	k_sched_lock();
	result = look_at(app, status);
	k_sched_unlock();
	if (result == 0) {
		/* Outside of the lock, because it takes longer. It does no harm if another app has
		 * the thread by now. */
		zephyr_wasm_thread_status(app, status);
	}
	return result;
}
