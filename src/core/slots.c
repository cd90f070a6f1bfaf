/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The slots, and the state of the app on each of them. Apps are started, stopped, killed, released
 * and looked up from any thread. These are the states, and who may change what in each of them:
 *
 *     free -- take --> preparing -- publish --> live -- reaper --> ended -- release, take --> free
 *                         ^                                         |
 *                         +--- claim (also from backing off) -------+
 *
 * - The lock for all of this is the scheduler's (k_sched_lock()). It is held for a few
 *   instructions, and never while something waits. Under it, `loaded`, `preparing`, `state`,
 *   `image` and `mark` are read and changed together, and the supervisor is told whether it may
 *   start an app again. What was read before the lock was taken may be out of date.
 * - Preparing: the slot belongs to the thread that took or claimed it, and no other thread writes
 *   to it. The one exception: a kill of an app that is started again notes its pending end. Before
 *   its first start, no other thread sees the app, because it is not loaded. Its state is
 *   "starting".
 * - Live: the thread exists, and either begins when the app is published or has its pending end.
 *   From here on, the app's thread writes `host`, `mark`, `looks` and what the app logs. Other
 *   threads halt the app, ask it to stop and note its end. The first end that is noted counts.
 * - Only the reaper ends a live app. It aborts the app's thread, and lets another thread free what
 *   the app holds. The last step of that sets `state`. So if a thread sees that an app has ended,
 *   nothing of the app runs any more.
 * - Ended: any thread may release the app or claim it for another start. Only one succeeds. A call
 *   of a function, or a program that was given its grants, is never claimed, because it uses memory
 *   of whoever started it, which may be gone. If nobody has kept a pointer to the app (`held`), the
 *   next start may take its slot.
 * - A thread that waits for an end waits for `ends` to change, and not for a state, which may have
 *   changed again when it looks. What threads may wait for (`thread`, `ended`) outlives the app and
 *   is never zeroed.
 *
 * A pointer to an app is a pointer to its slot: after a release, another app may be there.
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

/* The members that belong to one app, and are zeroed for the next one. Those before them (the
 * thread) and after them outlive the app, but for the message, of which one byte is enough. */
#define OWN_BEGIN offsetof(struct zephyr_wasm_app, heap)
#define OWN_SIZE  (offsetof(struct zephyr_wasm_app, message) - OWN_BEGIN)

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

/* Returns how many loaded apps have a name, either of those that are calls or of the others, and
 * the first of them. */
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

/* The same for those that the name stands for: calls only if no other app has the name. */
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

/* Finds the app on the slot whose number follows @p mark, if it has the name before the mark.
 * Returns 1 if there is one, or 0. */
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

/* Whether the app on a slot has ended, and nobody holds a pointer to it or waits for its end. */
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
		found->message[0] = '\0';
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

/* Clears what an app has left of its last start. A slot that was just taken is zeroed already. */
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

/* Waits for one more end than @p ends. Called under the scheduler's lock, which is per thread, and
 * which the kernel releases while the thread waits. Without the lock, an end that comes before this
 * thread waits could be taken by a thread that waits for the next end. */
static int wait_for_another_end(struct zephyr_wasm_app *app, uint32_t ends, k_timepoint_t until)
{
	while (app->ends == ends) {
		int result;

		app->waiters++;
		result = k_sem_take(&app->ended, sys_timepoint_timeout(until));
		/* The end may have come since the timeout, and then its semaphore was given for
		 * this thread, which has to take it. */
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
	/* If the app has ended, that end is the one that is waited for. */
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
		/* The app was released meanwhile. */
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

/* For Rust, which does not know k_timeout_t. A negative number waits forever. */
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
