/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What looks at apps from outside: a feature of the image that has to know of an app's life puts an
 * observer into a section of the linker's, and the core, which knows no feature, tells all that are
 * there. What a feature keeps of an app is the feature's own, in an array by the app's slot.
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

/** What has come of an app, in this order. "Locked" is what comes under the scheduler's lock, and
 * so has to be short. */
enum zephyr_wasm_event {
	/** A slot was taken for it. What is kept of the slot is another app's. Locked. */
	ZEPHYR_WASM_EVENT_TAKEN,
	/** It is to be started again on its slot. What is kept of its last run is over. Locked. */
	ZEPHYR_WASM_EVENT_CLAIMED,
	/** Somebody starts it: the firmware, or an operator, but not the supervisor. */
	ZEPHYR_WASM_EVENT_ENTERED,
	/** Its memory is there, and its thread is next. */
	ZEPHYR_WASM_EVENT_LAUNCHED,
	/** It can be found from here on, and begins to run. Locked. */
	ZEPHYR_WASM_EVENT_PUBLISHED,
	/** The engine has taken what it needs of the module, or has refused it. On its thread. */
	ZEPHYR_WASM_EVENT_LOADED,
	/** It goes on after a pause, in which it could do nothing. */
	ZEPHYR_WASM_EVENT_RESUMED,
	/** Somebody wants it to end for good: it is not to be started again. Locked. */
	ZEPHYR_WASM_EVENT_LEFT,
	/** Its thread has been aborted, and its memory is still there. From here on all of it comes
	 * on the thread that an app has for its end. */
	ZEPHYR_WASM_EVENT_PUT_DOWN,
	/** The engine has let go what it held; its pools are closed next. */
	ZEPHYR_WASM_EVENT_CLOSED,
	/** Its end is put in words, of which these may come behind the others. */
	ZEPHYR_WASM_EVENT_DESCRIBED,
	/** It has ended, and all of its end is known. */
	ZEPHYR_WASM_EVENT_ENDED,
};

/** What a feature of the image has to know of apps. What is NULL is not called. */
struct zephyr_wasm_observer {
	/** An event in an app's life. One function for all of them, as most features want few, and
	 * each pointer in this structure costs flash for each feature. */
	void (*on)(struct zephyr_wasm_app *app, enum zephyr_wasm_event event);
	/** An app logs a line, of a level of wit/log.wit. On its thread. */
	void (*logged)(struct zephyr_wasm_app *app, uint32_t level, const char *line);
	/** Somebody asks what an app is doing: adds what the feature knows. Locked. */
	void (*status)(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status);
	/** Whether an app that has ended keeps its slot, as the feature will start it again. Only
	 * the supervisor has this. */
	bool (*keeps)(struct zephyr_wasm_app *app);
	/** zephyr_wasm_start_all() was called: starts the apps that the feature has, and returns
	 * how many, or an error, after which no others are started. */
	int (*starts_all)(void);
};

/**
 * Defines an observer. Of several, those of a lower priority, a number of two digits, come first:
 * what may refuse comes before what starts apps. Its option in Kconfig selects WASM_OBSERVERS.
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
/* Nothing of what goes over none is in the image. */
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
