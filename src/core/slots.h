/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A part of internal.h, which includes it: who has which slot.
 */

#ifndef ZEPHYR_WASM_SRC_SLOTS_H_
#define ZEPHYR_WASM_SRC_SLOTS_H_

/** The slots for apps. */
extern struct zephyr_wasm_app zephyr_wasm_apps[CONFIG_WASM_MAX_APPS];

static inline bool zephyr_wasm_is_slot(const struct zephyr_wasm_app *app)
{
	return app >= &zephyr_wasm_apps[0] && app < &zephyr_wasm_apps[CONFIG_WASM_MAX_APPS];
}

/**
 * The loaded app that an operator names: by its name if no other app has that, or by its name and
 * its slot's number, as `weather#1`. Calls are meant by a name only if nothing else is.
 *
 * Returns 0, -ENOENT, or -EEXIST if there are several; and writes why, of which there is room for
 * ZEPHYR_WASM_MESSAGE_SIZE bytes.
 */
int zephyr_wasm_named(const char *text, struct zephyr_wasm_app **app, char *message);

/** Writes what zephyr_wasm_named() takes for a loaded app: its name, and its slot if others have
 * the name. */
void zephyr_wasm_name_of(const struct zephyr_wasm_app *app, char *text, size_t room);

/** The room for that. */
#define ZEPHYR_WASM_NAMED_SIZE (ZEPHYR_WASM_NAME_SIZE + sizeof("#4294967295") - 1)

/** Takes a slot for an app, which nobody sees before it is published; NULL if there is none. */
struct zephyr_wasm_app *zephyr_wasm_slot_take(const struct zephyr_wasm_image *image);

/** Has the calling thread start an app again that is in a state; false if it is not, or another
 * thread does. */
bool zephyr_wasm_slot_claim(struct zephyr_wasm_app *app, enum zephyr_wasm_state state);

/** Lets an app go that was taken or claimed, and is prepared. */
void zephyr_wasm_slot_publish(struct zephyr_wasm_app *app);

/** An app has ended for good, or until somebody claims it. */
void zephyr_wasm_slot_ended(struct zephyr_wasm_app *app);

/** This moment, behind which the next end of an app is to come. */
struct zephyr_wasm_moment zephyr_wasm_now(const struct zephyr_wasm_app *app);

/** Whether it is still the app that it was at a moment, and has not ended since. Under the lock. */
bool zephyr_wasm_is_since(const struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment);

/** Waits for the first end of an app after a moment, as zephyr_wasm_wait() does. */
int zephyr_wasm_wait_since(struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment,
			   k_timeout_t timeout);

/** The priority of what is not to wait for an app that computes: before apps, as whoever ends them
 * is. */
#define ZEPHYR_WASM_HURRIED MAX(CONFIG_WASM_APP_PRIORITY_HIGHEST - 1, 0)

#if defined(CONFIG_WASM_COOPERATIVE) || CONFIG_WASM_MAX_APPS == 1
static inline bool zephyr_wasm_hurry_killed(bool is_again)
{
	ARG_UNUSED(is_again);
	return false;
}

static inline void zephyr_wasm_hurry_current(void)
{
}

static inline int zephyr_wasm_own_priority(const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	return k_thread_priority_get(k_current_get());
}
#else
/** Has each app that a kill waits for come to the end of its call: another that computes would keep
 * it, and whoever waits for its end, from that. If that is done again, also the calls that others
 * are in: it may wait for a lock that one of them has, and a lock is lent a priority only as one
 * begins to wait for it. Returns whether there is any, and so whether it is to be done again: with
 * each lock that a driver gives back, an app has its own priority again. */
bool zephyr_wasm_hurry_killed(bool is_again);

/** Has the call that the calling thread's app is in come to its end, if it is in one. Drivers of
 * flash and of buses have semaphores for locks, by which nobody is lent the priority of the
 * firmware's threads that wait. Comes before a mutex is taken, which gives back the priority with
 * which it was. */
void zephyr_wasm_hurry_current(void);

/** Returns the priority that an app was started with. */
int zephyr_wasm_own_priority(const struct zephyr_wasm_app *app);

/** Gives back what these two have lent to the calling thread's app. */
void zephyr_wasm_give_priority(struct zephyr_wasm_app *app);
#endif

#endif /* ZEPHYR_WASM_SRC_SLOTS_H_ */
