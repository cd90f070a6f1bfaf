/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs installed apps. A version that replaces another one is on trial at first. If it fails, or
 * the board is reset before it has passed the trial, the version before comes back.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include <zephyr_wasm/store.h>

#include "core/app.h"
#include "core/images.h"
#include "core/observer.h"
#include "store.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

static void look(struct k_work *work);

static K_WORK_DELAYABLE_DEFINE(look_work, look);

/* The store has its own work queue, because erasing and writing flash would delay the system work
 * queue. It is more urgent than apps, as all that ends them is. */
#define PRIORITY MAX(CONFIG_WASM_APP_PRIORITY_HIGHEST - 1, 0)

static K_KERNEL_STACK_DEFINE(stack, CONFIG_WASM_STORE_STACK_SIZE);
static struct k_work_q queue;

static int start_queue(void)
{
	const struct k_work_queue_config config = {.name = "wasm store"};

	k_work_queue_start(&queue, stack, K_KERNEL_STACK_SIZEOF(stack), PRIORITY, &config);
	return 0;
}

SYS_INIT(start_queue, APPLICATION, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);

static void look_in(k_timeout_t delay)
{
	(void)k_work_reschedule_for_queue(&queue, &look_work, delay);
}

/* The end of the trial that began last, in milliseconds of uptime. */
static int64_t trial_end;

#define TRIAL_MS (CONFIG_WASM_STORE_TRIAL_SECONDS * MSEC_PER_SEC)

static bool is_on_trial(const struct entry *entry)
{
	return entry->state == ENTRY_INSTALLED && entry->tried && !entry->confirmed;
}

bool zephyr_wasm_trial_stop(const char *name)
{
	struct zephyr_wasm_app *app = zephyr_wasm_find(name);

	if (app == NULL) {
		return false;
	}
	(void)zephyr_wasm_stop(app, K_MSEC(CONFIG_WASM_STORE_STOP_MS));
	return zephyr_wasm_release(app) == 0;
}

/* Returns the image of a name that is to run, and notes that its trial begins, if it has one. */
static const struct zephyr_wasm_image *image_of(const char *name)
{
	struct entry *entry = zephyr_wasm_entry_current(name);

	if (entry == NULL) {
		return zephyr_wasm_embedded_image(name);
	}
	if (!entry->confirmed) {
		(void)zephyr_wasm_entry_try(entry);
		trial_end = k_uptime_get() + TRIAL_MS;
		if (TRIAL_MS > 0) {
			look_in(K_MSEC(TRIAL_MS));
		}
	}
	return &entry->image;
}

/* Starts the version of a name that is to run. */
static int start(const char *name, char *message)
{
	const struct zephyr_wasm_image *image = image_of(name);
	int result;

	if (image == NULL) {
		return zephyr_wasm_store_fail(message, -ENOENT, "no app \"%s\" is installed", name);
	}
	result = zephyr_wasm_start(image, NULL);
	if (result == -ENOMEM) {
		return zephyr_wasm_store_fail(message, result,
					      "%s is not started: %d apps are loaded already "
					      "(CONFIG_WASM_MAX_APPS)",
					      name, CONFIG_WASM_MAX_APPS);
	}
	return result == 0 ? 0
			   : zephyr_wasm_store_fail(message, result, "%s is not started: error %d",
						    name, result);
}

/* Checks the version of a name that is to run. If it is not trusted, the version before is next,
 * and so on. */
static void choose(const char *name)
{
	struct entry *entry;

	do {
		entry = zephyr_wasm_entry_current(name);
	} while (entry != NULL && !zephyr_wasm_check_found(entry));
}

int zephyr_wasm_trial_start(const char *name, char *message)
{
	choose(name);
	return start(name, message);
}

void zephyr_wasm_trial_start_again(const char *name)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];

	if (zephyr_wasm_trial_start(name, message) != 0) {
		LOG_WRN("%s", message);
	}
}

int zephyr_wasm_trial_pass(struct entry *entry)
{
	int result = 0;

	/* The floor first, because the power may be lost between the two. */
	if (!entry->confirmed && entry->is_signed) {
		result = zephyr_wasm_floor_raise(entry->identity.name, entry->identity.version);
	}
	return result == 0 ? zephyr_wasm_entry_confirm(entry) : result;
}

static bool has_another(const struct entry *entry)
{
	return zephyr_wasm_entry_before(entry) != NULL ||
	       zephyr_wasm_embedded_image(entry->identity.name) != NULL;
}

bool zephyr_wasm_trial_can_go_back(const struct entry *entry)
{
	struct entry *before;

	do {
		before = zephyr_wasm_entry_before(entry);
	} while (before != NULL && !zephyr_wasm_check_found(before));
	return has_another(entry);
}

void zephyr_wasm_trial_settle(void)
{
	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (is_on_trial(entry) && zephyr_wasm_trial_can_go_back(entry)) {
			LOG_WRN("%s: %u.%u.%u was on trial as the board was reset: back to the "
				"version before",
				entry->identity.name, entry->identity.version[0],
				entry->identity.version[1], entry->identity.version[2]);
			zephyr_wasm_failure_note(&entry->identity,
						 "the board was reset while it was on trial");
			(void)zephyr_wasm_entry_remove(entry);
		}
	}
	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		choose(entry->identity.name);
	}
}

void zephyr_wasm_trial_ended(struct zephyr_wasm_app *app)
{
	struct entry *entry = zephyr_wasm_entry_of(app->image);
	bool well = app->end == ZEPHYR_WASM_END_RETURNED && app->detail == 0;

	/* Calls and programs that an operator starts are not on trial. An app that was killed, or
	 * ends because it was asked to, has proved nothing. */
	if (entry == NULL || app->call != NULL || app->is_given || !is_on_trial(entry) ||
	    app->end == ZEPHYR_WASM_END_KILLED || (well && app->stopping)) {
		return;
	}
	entry->ended_well = well;
	entry->failed = !well;
	if (!well) {
		k_sched_lock();
		zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_LEFT);
		k_sched_unlock();
	}
	look_in(K_NO_WAIT);
}

/* Releases the slot of a version that has failed, and copies its message. Returns false if the
 * version runs again, or another one does. */
static bool release_failed(const struct entry *entry, char *message)
{
	struct zephyr_wasm_app *app = zephyr_wasm_find(entry->identity.name);

	if (app == NULL) {
		/* Another thread needed a slot, and has taken this one. */
		(void)zephyr_wasm_store_fail(message, 0,
					     "it failed, and another app took its slot");
		return entry == zephyr_wasm_entry_current(entry->identity.name);
	}
	if (app->image != &entry->image) {
		return false;
	}
	/* The app has ended, so its message does not change until it is released. */
	memcpy(message, app->message, ZEPHYR_WASM_MESSAGE_SIZE);
	return zephyr_wasm_release(app) == 0;
}

/* Removes a version that has failed its trial, and starts the version before. */
static void take_back(struct entry *entry)
{
	struct zephyr_wasm_identity identity = entry->identity;
	char message[ZEPHYR_WASM_MESSAGE_SIZE];

	entry->failed = false;
	if (!has_another(entry) || !release_failed(entry, message)) {
		return;
	}
	zephyr_wasm_failure_note(&identity, message);
	LOG_WRN("%s: %u.%u.%u has failed on trial: back to the version before", identity.name,
		identity.version[0], identity.version[1], identity.version[2]);
	(void)zephyr_wasm_entry_remove(entry);
	if (zephyr_wasm_trial_start(identity.name, message) != 0) {
		LOG_WRN("%s", message);
	}
}

static bool is_alive(const struct entry *entry)
{
	struct zephyr_wasm_app *app = zephyr_wasm_find(entry->identity.name);

	return app != NULL && app->image == &entry->image && app->state != ZEPHYR_WASM_STATE_ENDED;
}

static void look(struct k_work *work)
{
	int64_t left;
	bool is_over;

	ARG_UNUSED(work);
	zephyr_wasm_store_lock();
	is_over = TRIAL_MS > 0 && k_uptime_get() >= trial_end;
	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (entry->failed) {
			take_back(entry);
		} else if (is_on_trial(entry) &&
			   (entry->ended_well || (is_over && is_alive(entry)))) {
			LOG_INF("%s: has passed its trial", entry->identity.name);
			(void)zephyr_wasm_trial_pass(entry);
		}
	}
	if (TRIAL_MS > 0 && !is_over) {
		/* Read once: K_MSEC() is a macro that compares its argument with 0, and then takes
		 * it again, when it may be below that. */
		left = trial_end - k_uptime_get();
		look_in(K_MSEC(left));
	}
	zephyr_wasm_store_change_end();
}
