/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The slots of the image, of which each loaded app has one: how they are taken, found and given
 * back. slots.c says who may do what with them.
 */

#ifndef ZEPHYR_WASM_SRC_SLOTS_H_
#define ZEPHYR_WASM_SRC_SLOTS_H_

#include <zephyr_wasm/store.h>

#include "app.h"

/** A moment in the life of a slot: its counts of the same names in struct zephyr_wasm_app then. By
 * them, who waits for an end knows whether it has come. */
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
 * The loaded app that an operator names: by its name if no other app has that, or by its name and
 * its slot's number, as `weather#1`. A name means a call (wasm call) only if no app has it.
 *
 * Returns 0, -ENOENT, or -EEXIST if there are several; and writes why, of which there is room for
 * ZEPHYR_WASM_MESSAGE_SIZE bytes.
 */
int zephyr_wasm_named(const char *text, struct zephyr_wasm_app **app, char *message);

/** Writes what zephyr_wasm_named() takes for a loaded app: its name, and its slot if others have
 * the name. */
void zephyr_wasm_name_of(const struct zephyr_wasm_app *app, char *text, size_t room);

/** The room for what zephyr_wasm_name_of() writes. */
#define ZEPHYR_WASM_NAMED_SIZE (ZEPHYR_WASM_NAME_SIZE + sizeof("#4294967295") - 1)

/** Whether it is an app that is loaded. */
bool zephyr_wasm_is_loaded(const struct zephyr_wasm_app *app);

/** The number of an app's slot, from 0. */
size_t zephyr_wasm_slot_of(const struct zephyr_wasm_app *app);

/** The loaded app behind one, or the first for NULL; NULL behind the last. */
struct zephyr_wasm_app *zephyr_wasm_next(struct zephyr_wasm_app *app);

/** Takes a slot for an app, which nobody sees before it is published; NULL if none is free. */
struct zephyr_wasm_app *zephyr_wasm_slot_take(const struct zephyr_wasm_image *image);

/** Claims an app for another start by the calling thread, if it is in this state; false if it is
 * not, or another thread has claimed it. */
bool zephyr_wasm_slot_claim(struct zephyr_wasm_app *app, enum zephyr_wasm_state state);

/** Lets an app run whose slot was taken or claimed, and that is prepared: others see it from here
 * on. */
void zephyr_wasm_slot_publish(struct zephyr_wasm_app *app);

/** Notes that an app has ended, and tells whoever waits for that. It stays so until somebody
 * releases or claims it. */
void zephyr_wasm_slot_ended(struct zephyr_wasm_app *app);

/** This moment, for zephyr_wasm_wait_since(): what ended before does not count. */
struct zephyr_wasm_moment zephyr_wasm_now(const struct zephyr_wasm_app *app);

/** Whether it is still the app that it was at a moment, and has not ended since. Under the lock. */
bool zephyr_wasm_is_since(const struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment);

/** Waits for the first end of an app after a moment, as zephyr_wasm_wait() does. */
int zephyr_wasm_wait_since(struct zephyr_wasm_app *app, struct zephyr_wasm_moment moment,
			   k_timeout_t timeout);

#endif /* ZEPHYR_WASM_SRC_SLOTS_H_ */
