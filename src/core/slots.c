/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Who has which slot, and where the app on it is in its life. Apps are started, stopped, killed,
 * released and looked for from any thread, so here is who may change what, and when:
 *
 *   free -- take --> preparing -- publish --> live -- reaper --> ended -- release, take --> free
 *                       ^                                         |
 *                       +--- claim (also from backing off) -------+
 *
 * - The lock of all this is the scheduler's (k_sched_lock()): held for a few instructions, never
 *   over what waits. `loaded`, `preparing`, `state`, `image` and `mark` are looked at and changed
 *   as one under it, and so is whether the supervisor starts an app again, of which it is told
 * under it: a look before the lock is worth nothing.
 * - Preparing: the slot is of one thread, which took or claimed it, and nobody else writes to it,
 *   except that a kill of an app that is started again leaves its pending end. Before the first
 *   start nobody else sees it: it is not loaded. To whoever asks, it is starting.
 * - Published: the thread is there, and begins in the same moment, or has its pending end. From
 *   here on the app's thread writes `host`, `mark`, `looks` and what it logs; others halt it,
 *   ask it to stop and note its end, of which the first counts.
 * - The reaper is the only one that ends a live app: it aborts the thread, and has another take
 *   back what the app holds, which says so by `state` as its very last step. Who sees an app ended
 *   finds nothing of it at work.
 * - Ended: any one thread may release the app or claim it for another start; the others find that
 *   they were late. A call, or a program that was given what it has, is not claimed: what it uses
 *   is whoever's who started it, and may be gone. What nobody has kept a pointer to (`held`) gives
 *   its slot to the next start.
 * - Who waits waits for `ends` to change, not for a state, which may be gone as it looks. What
 *   others may be waiting on (`thread`, `ended`) outlives the app and is never zeroed.
 *
 * A pointer to an app is one to its slot: after a release it may be another's.
 */

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "app.h"
#include "mark.h"
#include "observer.h"
#include "slots.h"

struct zephyr_wasm_app zephyr_wasm_apps[CONFIG_WASM_MAX_APPS];

/* What is an app's alone, between its thread and what outlives it. */
#define OWN_BEGIN offsetof(struct zephyr_wasm_app, heap)
#define OWN_SIZE  (offsetof(struct zephyr_wasm_app, ended) - OWN_BEGIN)

bool zephyr_wasm_is_loaded(const struct zephyr_wasm_app *app)
{
	return zephyr_wasm_is_slot(app) && app->loaded;
}

size_t zephyr_wasm_slot_of(const struct zephyr_wasm_app *app)
{
	return app - zephyr_wasm_apps;
}

struct zephyr_wasm_app *zephyr_wasm_next(struct zephyr_wasm_app *app)
{
	size_t next = app == NULL ? 0 : app - zephyr_wasm_apps + 1;

	while (next < ARRAY_SIZE(zephyr_wasm_apps) && !zephyr_wasm_apps[next].loaded) {
		next++;
	}
	return next < ARRAY_SIZE(zephyr_wasm_apps) ? &zephyr_wasm_apps[next] : NULL;
}

static bool has_name(const struct zephyr_wasm_app *app, const char *name, size_t length)
{
	return strncmp(app->image->name, name, length) == 0 && app->image->name[length] == '\0';
}

/* How many apps of a name are loaded, either such as calls of it are or others; and the first. */
static size_t count_named(const char *name, size_t length, bool are_calls,
			  struct zephyr_wasm_app **first)
{
	size_t count = 0;

	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		if ((app->call != NULL) == are_calls && has_name(app, name, length)) {
			*first = count == 0 ? app : *first;
			count++;
		}
	}
	return count;
}

/* The same of those that the name means: a call is only meant if there is nothing else. */
static size_t count_meant(const char *name, struct zephyr_wasm_app **first)
{
	size_t length = strlen(name);
	size_t count = count_named(name, length, false, first);

	return count > 0 ? count : count_named(name, length, true, first);
}

struct zephyr_wasm_app *zephyr_wasm_find(const char *name)
{
	struct zephyr_wasm_app *app = NULL;

	k_sched_lock();
	(void)count_meant(name, &app);
	k_sched_unlock();
	return app;
}

/* The app on the slot behind a mark, if it has the name before. */
static size_t count_on_slot(const char *name, const char *mark, struct zephyr_wasm_app **app)
{
	const char *digit = mark + 1;
	size_t slot = 0;

	while (isdigit((unsigned char)*digit) && slot < ARRAY_SIZE(zephyr_wasm_apps)) {
		slot = 10 * slot + (*digit++ - '0');
	}
	if (digit == mark + 1 || *digit != '\0' || slot >= ARRAY_SIZE(zephyr_wasm_apps) ||
	    !zephyr_wasm_apps[slot].loaded ||
	    !has_name(&zephyr_wasm_apps[slot], name, mark - name)) {
		return 0;
	}
	*app = &zephyr_wasm_apps[slot];
	return 1;
}

int zephyr_wasm_named(const char *text, struct zephyr_wasm_app **app, char *message)
{
	const char *mark = strrchr(text, '#');
	size_t count;

	*app = NULL;
	k_sched_lock();
	count = mark == NULL ? count_meant(text, app) : count_on_slot(text, mark, app);
	k_sched_unlock();
	if (count == 1) {
		return 0;
	}
	if (count == 0) {
		snprintk(message, ZEPHYR_WASM_MESSAGE_SIZE, "no app \"%s\" is loaded", text);
		return -ENOENT;
	}
	snprintk(message, ZEPHYR_WASM_MESSAGE_SIZE,
		 "%u apps \"%s\" are loaded: say which, as %s#%u", (unsigned int)count, text, text,
		 (unsigned int)zephyr_wasm_slot_of(*app));
	return -EEXIST;
}

void zephyr_wasm_name_of(const struct zephyr_wasm_app *app, char *text, size_t room)
{
	const char *name = app->image->name;
	struct zephyr_wasm_app *first = NULL;
	size_t count;

	k_sched_lock();
	count = count_named(name, strlen(name), false, &first) +
		count_named(name, strlen(name), true, &first);
	k_sched_unlock();
	if (count > 1) {
		snprintk(text, room, "%s#%u", name, (unsigned int)zephyr_wasm_slot_of(app));
	} else {
		snprintk(text, room, "%s", name);
	}
}

/* Whether nobody can want to know how the app on a slot has ended. */
static bool is_forgotten(const struct zephyr_wasm_app *app)
{
	return app->state == ZEPHYR_WASM_STATE_ENDED && !app->held && app->waiters == 0;
}

struct zephyr_wasm_app *zephyr_wasm_slot_take(const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_app *found = NULL;

	k_sched_lock();
	for (size_t i = 0; i < ARRAY_SIZE(zephyr_wasm_apps); i++) {
		struct zephyr_wasm_app *app = &zephyr_wasm_apps[i];

		if (!app->loaded && !app->preparing) {
			found = app;
			break;
		}
		if (found == NULL && is_forgotten(app)) {
			found = app;
		}
	}
	if (found != NULL) {
		memset((uint8_t *)found + OWN_BEGIN, 0, OWN_SIZE);
		found->image = image;
		found->state = ZEPHYR_WASM_STATE_STARTING;
		found->preparing = true;
		if (found->taken++ == 0) {
			k_sem_init(&found->ended, 0, K_SEM_MAX_LIMIT);
		}
		zephyr_wasm_tell(found, ZEPHYR_WASM_EVENT_TAKEN);
	}
	k_sched_unlock();
	return found;
}

/* What an app has left of its last start; that of a slot which was taken is zeroed already. */
static void forget_last_start(struct zephyr_wasm_app *app)
{
	app->noted_end = ZEPHYR_WASM_END_NONE;
	app->mark = (struct zephyr_wasm_mark){0};
	app->suspended = false;
	app->stopping = false;
	app->looks = false;
	app->may_fail = false;
	app->host = NULL;
#ifdef CONFIG_INIT_STACKS
	app->stack_peak = 0;
#endif
	app->given = NULL;
	app->message[0] = '\0';
	zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_CLAIMED);
}

bool zephyr_wasm_slot_claim(struct zephyr_wasm_app *app, enum zephyr_wasm_state state)
{
	bool claimed;

	k_sched_lock();
	claimed =
		zephyr_wasm_is_loaded(app) && app->state == state && !zephyr_wasm_is_borrowing(app);
	if (claimed) {
		app->state = ZEPHYR_WASM_STATE_STARTING;
		app->preparing = true;
		forget_last_start(app);
	}
	k_sched_unlock();
	return claimed;
}

void zephyr_wasm_slot_publish(struct zephyr_wasm_app *app)
{
	k_sched_lock();
	app->loaded = true;
	app->preparing = false;
	if (app->mark.pending_end == ZEPHYR_WASM_END_NONE) {
		zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_PUBLISHED);
		zephyr_wasm_thread_start(app);
	} else {
		zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_LEFT);
		zephyr_wasm_note_end(app, app->mark.pending_end, 0);
	}
	k_sched_unlock();
}

void zephyr_wasm_slot_ended(struct zephyr_wasm_app *app)
{
	k_sched_lock();
	app->state = ZEPHYR_WASM_STATE_ENDED;
	app->ends++;
	for (; app->waiters > 0; app->waiters--) {
		k_sem_give(&app->ended);
	}
	k_sched_unlock();
}

/* Waits for one more end than there were. Under the lock, which is the thread's own, and which the
 * kernel lets go while it waits: an end that came before it does would be taken by who waits for
 * the next one. */
static int wait_for_another_end(struct zephyr_wasm_app *app, uint32_t ends, k_timepoint_t until)
{
	while (app->ends == ends) {
		int result;

		app->waiters++;
		result = k_sem_take(&app->ended, sys_timepoint_timeout(until));
		/* The end may have come since, and counts on this thread to take it. */
		if (result != 0 && k_sem_take(&app->ended, K_NO_WAIT) != 0) {
			app->waiters--;
			return -EAGAIN;
		}
	}
	return 0;
}

struct zephyr_wasm_moment zephyr_wasm_now(const struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_moment now;

	k_sched_lock();
	now.taken = app->taken;
	/* One that has ended has had the end that is waited for. */
	now.ends = app->ends - (app->state == ZEPHYR_WASM_STATE_ENDED);
	k_sched_unlock();
	return now;
}

bool zephyr_wasm_is_since(const struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment)
{
	return zephyr_wasm_is_loaded(app) && app->taken == moment.taken && app->ends == moment.ends;
}

int zephyr_wasm_wait_since(struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment,
			   k_timeout_t timeout)
{
	int result = -EINVAL;

	k_sched_lock();
	if (zephyr_wasm_is_loaded(app) && app->taken == moment.taken) {
		result = wait_for_another_end(app, moment.ends, sys_timepoint_calc(timeout));
	}
	if (result == 0 && (!app->loaded || app->taken != moment.taken)) {
		/* Somebody has released it meanwhile. */
		result = -EINVAL;
	}
	k_sched_unlock();
	return result;
}

int zephyr_wasm_wait(struct zephyr_wasm_app *app, k_timeout_t timeout,
		     struct zephyr_wasm_status *status)
{
	int result;

	if (!zephyr_wasm_is_loaded(app)) {
		return -EINVAL;
	}
	result = zephyr_wasm_wait_since(app, zephyr_wasm_now(app), timeout);
	return result != 0 || status == NULL ? result : zephyr_wasm_status(app, status);
}

/* For Rust, which does not know k_timeout_t; less than 0 waits forever. */
int zephyr_wasm_wait_ms(struct zephyr_wasm_app *app, int64_t milliseconds,
			struct zephyr_wasm_status *status)
{
	return zephyr_wasm_wait(app, milliseconds < 0 ? K_FOREVER : K_MSEC(milliseconds), status);
}

int zephyr_wasm_release(struct zephyr_wasm_app *app)
{
	int result = 0;

	k_sched_lock();
	if (!zephyr_wasm_is_loaded(app)) {
		result = -EINVAL;
	} else if (app->state != ZEPHYR_WASM_STATE_ENDED) {
		result = -EBUSY;
	} else {
		app->loaded = false;
	}
	k_sched_unlock();
	return result;
}
