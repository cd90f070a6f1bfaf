/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The slots of the image, one for each loaded app: how they are taken, found and released. slots.c
 * says who may do what with them.
 */

#ifndef ZEPHYR_WASM_SRC_SLOTS_H_
#define ZEPHYR_WASM_SRC_SLOTS_H_

#include <zephyr_wasm/store.h>

#include "app.h"

/** A moment in the life of a slot: the counts of the same names in struct zephyr_wasm_app at that
 * time. By them, a thread that waits for an end knows whether it has come. */
struct zephyr_wasm_moment {
	uint32_t taken;
	uint32_t ends;
};

/** The slots for apps. */
extern struct zephyr_wasm_app zephyr_wasm_apps[CONFIG_WASM_MAX_APPS];

static inline bool zephyr_wasm_is_slot(const struct zephyr_wasm_app *app)
{
	return app >= &zephyr_wasm_apps[0] && app < &zephyr_wasm_apps[CONFIG_WASM_MAX_APPS];
}

/**
 * Finds the loaded app that an operator names: by its name if no other loaded app has that, or by
 * its name and the number of its slot, as `weather#1`. A name means a call (wasm call) only if no
 * app has it.
 *
 * Returns 0, -ENOENT, or -EEXIST if there are several. Writes the reason to @p message, which has
 * room for ZEPHYR_WASM_MESSAGE_SIZE bytes.
 */
int zephyr_wasm_named(const char *text, struct zephyr_wasm_app **app, char *message);

/** Writes the text by which zephyr_wasm_named() finds a loaded app: its name, and its slot if
 * others have the same name. */
void zephyr_wasm_name_of(const struct zephyr_wasm_app *app, char *text, size_t room);

/** The size of what zephyr_wasm_name_of() writes at most. */
#define ZEPHYR_WASM_NAMED_SIZE (ZEPHYR_WASM_NAME_SIZE + sizeof("#4294967295") - 1)

/** Whether this is a loaded app. */
bool zephyr_wasm_is_loaded(const struct zephyr_wasm_app *app);

/** The number of an app's slot, from 0. */
size_t zephyr_wasm_slot_of(const struct zephyr_wasm_app *app);

/** The loaded app after this one, or the first for NULL; NULL after the last. */
struct zephyr_wasm_app *zephyr_wasm_next(struct zephyr_wasm_app *app);

/** Takes a slot for an app, which no other thread sees before it is published; NULL if none is
 * free.
 */
struct zephyr_wasm_app *zephyr_wasm_slot_take(const struct zephyr_wasm_image *image);

/** Claims an app in this state for another start by the calling thread; false if it is in another
 * state, or another thread has claimed it. */
bool zephyr_wasm_slot_claim(struct zephyr_wasm_app *app, enum zephyr_wasm_state state);

/** Lets an app run whose slot was taken or claimed, and that is prepared. From here on, other
 * threads see it. */
void zephyr_wasm_slot_publish(struct zephyr_wasm_app *app);

/** Notes that an app has ended, and tells the threads that wait for that. The app stays ended until
 * it is released or claimed. */
void zephyr_wasm_slot_ended(struct zephyr_wasm_app *app);

/** The present moment, for zephyr_wasm_wait_since(): ends before it do not count. */
struct zephyr_wasm_moment zephyr_wasm_now(const struct zephyr_wasm_app *app);

/** Whether a slot still has the app that it had at a moment, and this app has not ended since.
 * Called under the scheduler's lock. */
bool zephyr_wasm_is_since(const struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment);

/** Waits for the first end of an app after a moment, as zephyr_wasm_wait() does. */
int zephyr_wasm_wait_since(struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment,
			   k_timeout_t timeout);

#endif /* ZEPHYR_WASM_SRC_SLOTS_H_ */
