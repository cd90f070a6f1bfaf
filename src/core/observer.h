/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Observers of apps. A feature of the image that has to know of an app's life defines an observer
 * in a linker section. The core knows no feature, and calls all observers that are there. What a
 * feature keeps for an app is its own, in an array by the number of the app's slot.
 *
 *	static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
 *	{
 *		if (event == ZEPHYR_WASM_EVENT_LAUNCHED) {
 *			starts[zephyr_wasm_slot_of(app)]++;
 *		}
 *	}
 *
 *	ZEPHYR_WASM_OBSERVER_DEFINE(50, my_starts) = {.on = on};
 */

#ifndef ZEPHYR_WASM_SRC_OBSERVER_H_
#define ZEPHYR_WASM_SRC_OBSERVER_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <zephyr_wasm/zephyr_wasm.h>

/** The events in the life of an app, in this order. "Locked" events come under the scheduler's
 * lock, so their handling has to be short. */
enum zephyr_wasm_event {
	/** A slot was taken for it. What is kept by this slot's number belongs to another app.
	 * Locked. */
	ZEPHYR_WASM_EVENT_TAKEN,
	/** It is to be started again on its slot. What is kept of its last run is out of date.
	 * Locked. */
	ZEPHYR_WASM_EVENT_CLAIMED,
	/** Somebody starts it: the firmware, or an operator, but not the supervisor. */
	ZEPHYR_WASM_EVENT_ENTERED,
	/** Its memory is initialized, and its thread is created next. */
	ZEPHYR_WASM_EVENT_LAUNCHED,
	/** From here on, it can be found, and runs. Locked. */
	ZEPHYR_WASM_EVENT_PUBLISHED,
	/** The engine has taken what it needs from the module, or has refused it. On the app's
	 * thread. */
	ZEPHYR_WASM_EVENT_LOADED,
	/** It continues after a pause, in which it could do nothing. */
	ZEPHYR_WASM_EVENT_RESUMED,
	/** It is to end for good, and not to be started again. Locked. */
	ZEPHYR_WASM_EVENT_LEFT,
	/** Its thread has been aborted, and its memory is still there. From here on, all events
	 * come on the thread that each slot has for the end of its app. */
	ZEPHYR_WASM_EVENT_ABORTED,
	/** The engine has freed what it held. The app's pools are closed next. */
	ZEPHYR_WASM_EVENT_CLOSED,
	/** Its message says how it ended, and observers may append to it. */
	ZEPHYR_WASM_EVENT_DESCRIBED,
	/** It has ended, and all of its end is known. */
	ZEPHYR_WASM_EVENT_ENDED,
};

/** The functions of a feature that observes apps. One that is NULL is not called. */
struct zephyr_wasm_observer {
	/** An event in an app's life. One function for all events, because most features handle
	 * few, and each pointer in this structure costs flash for each feature. */
	void (*on)(struct zephyr_wasm_app *app, enum zephyr_wasm_event event);
	/** An app logs a line, of a level of wit/log.wit. On the app's thread. */
	void (*logged)(struct zephyr_wasm_app *app, uint32_t level, const char *line);
	/** The status of an app is asked for: adds what the feature knows. Locked. */
	void (*status)(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status);
	/** Whether an app that has ended keeps its slot, because the feature will start it again.
	 * Only the supervisor has this. */
	bool (*keeps)(struct zephyr_wasm_app *app);
	/** zephyr_wasm_start_all() was called: starts the apps that the feature has. Returns how
	 * many, or an error, after which no others are started. */
	int (*starts_all)(void);
};

/**
 * Defines an observer. Observers are called in the order of their priorities, numbers of two
 * digits, the lowest first: what may refuse has to be called before what starts apps. The Kconfig
 * option of an observer selects WASM_OBSERVERS.
 */
#define ZEPHYR_WASM_OBSERVER_DEFINE(priority, name)                                                \
	BUILD_ASSERT(IS_ENABLED(CONFIG_WASM_OBSERVERS),                                            \
		     "what defines an observer has to select WASM_OBSERVERS");                     \
	static const STRUCT_SECTION_ITERABLE_NAMED(zephyr_wasm_observer, priority##_##name,        \
						   name##_observer)

/** Goes over all observers. */
#ifdef CONFIG_WASM_OBSERVERS
#define ZEPHYR_WASM_FOREACH_OBSERVER(observer)                                                     \
	STRUCT_SECTION_FOREACH(zephyr_wasm_observer, observer)
#else
/* Without observers, the compiler leaves the loop's body out of the image. */
#define ZEPHYR_WASM_FOREACH_OBSERVER(observer)                                                     \
	for (const struct zephyr_wasm_observer *observer = NULL; observer != NULL;)
#endif

/** Tells all observers of an event. */
#ifdef CONFIG_WASM_OBSERVERS
void zephyr_wasm_tell(struct zephyr_wasm_app *app, enum zephyr_wasm_event event);
#else
static inline void zephyr_wasm_tell(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	ARG_UNUSED(app);
	ARG_UNUSED(event);
}
#endif

/** Tells all observers of a line that the calling thread's app logs. */
static inline void zephyr_wasm_tell_logged(struct zephyr_wasm_app *app, uint32_t level,
					   const char *line)
{
	ZEPHYR_WASM_FOREACH_OBSERVER(observer) {
		if (observer->logged != NULL) {
			observer->logged(app, level, line);
		}
	}
}

#endif /* ZEPHYR_WASM_SRC_OBSERVER_H_ */
