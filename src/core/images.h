/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The images of apps that can be started: those embedded in the firmware, and those of other
 * origins.
 */

#ifndef ZEPHYR_WASM_SRC_IMAGES_H_
#define ZEPHYR_WASM_SRC_IMAGES_H_

#include <stdbool.h>
#include <stddef.h>

#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/util.h>

#include <zephyr_wasm/zephyr_wasm.h>

struct zephyr_wasm_limits;
struct zephyr_wasm_source;

/** An origin of modules other than the firmware, such as the store. A function that is NULL is not
 * called. */
struct zephyr_wasm_origin {
	/** Returns the app with this number, from 0. If the origin has fewer apps, subtracts how
	 * many it has, so that the number is for the next origin, and returns NULL. */
	const struct zephyr_wasm_image *(*image_at)(size_t *index);
	/** Whether the origin has an app of this name, which then replaces the embedded one. */
	bool (*stands_for)(const char *name);
	/** Called by the thread that starts an app, before that: whether this origin has its
	 * module.
	 */
	bool (*prepares)(const struct zephyr_wasm_image *image);
	/** Finds or checks the module of an app, on the app's thread. Returns 0; or an enum
	 * zephyr_wasm_refusal, with words in the app's message; or less than 0 if nothing is to
	 * run. It may lower a limit. All origins are asked until one does not return 0. */
	int (*finds)(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source,
		     struct zephyr_wasm_limits *limits);
};

/** Goes over all origins. */
#ifdef CONFIG_WASM_ORIGINS
#define ZEPHYR_WASM_FOREACH_ORIGIN(origin) STRUCT_SECTION_FOREACH(zephyr_wasm_origin, origin)
#else
/* Without origins, the compiler leaves the loop's body out of the image. */
#define ZEPHYR_WASM_FOREACH_ORIGIN(origin)                                                         \
	for (const struct zephyr_wasm_origin *origin = NULL; origin != NULL;)
#endif

/** Defines an origin. Origins are asked in the order of their priorities, numbers of two digits,
 * the lowest first: what finds a module has to be asked before what checks it. The Kconfig option
 * of an origin selects WASM_ORIGINS. */
#define ZEPHYR_WASM_ORIGIN_DEFINE(priority, name)                                                  \
	BUILD_ASSERT(IS_ENABLED(CONFIG_WASM_ORIGINS),                                              \
		     "what defines an origin has to select WASM_ORIGINS");                         \
	static const STRUCT_SECTION_ITERABLE_NAMED(zephyr_wasm_origin, priority##_##name,          \
						   name##_origin)

/** Whether an origin has an app of this name, which replaces the embedded one. */
bool zephyr_wasm_is_replaced(const char *name);

/** Whether there is a module for an image. Its origin prepares it. */
bool zephyr_wasm_has_module(const struct zephyr_wasm_image *image);

/** The embedded app with this name; NULL if there is none. */
const struct zephyr_wasm_image *zephyr_wasm_embedded_image(const char *name);

/** The image with this number of all that can be started; NULL after the last. */
const struct zephyr_wasm_image *zephyr_wasm_image_at(size_t index);

/** The image with this name of all that can be started; NULL if there is none. */
const struct zephyr_wasm_image *zephyr_wasm_find_image(const char *name);

#endif /* ZEPHYR_WASM_SRC_IMAGES_H_ */
