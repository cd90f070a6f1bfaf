/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What can be started: the apps that are embedded, and those of other origins.
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

/** Where modules come from besides the image, as the store. What is NULL is not called. */
struct zephyr_wasm_origin {
	/** The app of that number, from 0; if there are fewer, takes how many there are off the
	 * number, which so is one of the next origin's, and returns NULL. */
	const struct zephyr_wasm_image *(*image_at)(size_t *index);
	/** Whether there is one of that name, which then stands for the embedded one. */
	bool (*stands_for)(const char *name);
	/** Called before an app is started, by the thread that starts it: whether its module can be
	 * had from here. */
	bool (*prepares)(const struct zephyr_wasm_image *image);
	/** Finds or checks the module of an app, on its thread: 0; an enum zephyr_wasm_refusal,
	 * with words in the app's message; or less than 0 if nothing is to run. It may lower a
	 * limit. All are asked until one does not return 0. */
	int (*finds)(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source,
		     struct zephyr_wasm_limits *limits);
};

/** Goes over all origins. */
#ifdef CONFIG_WASM_ORIGINS
#define ZEPHYR_WASM_FOREACH_ORIGIN(origin) STRUCT_SECTION_FOREACH(zephyr_wasm_origin, origin)
#else
/* Nothing of what goes over none is in the image. */
#define ZEPHYR_WASM_FOREACH_ORIGIN(origin)                                                         \
	for (const struct zephyr_wasm_origin *origin = NULL; origin != NULL;)
#endif

/** Defines an origin. Of several, those of a lower priority, a number of two digits, come first:
 * what finds a module comes before what checks it. Its option in Kconfig selects WASM_ORIGINS. */
#define ZEPHYR_WASM_ORIGIN_DEFINE(priority, name)                                                  \
	BUILD_ASSERT(IS_ENABLED(CONFIG_WASM_ORIGINS),                                              \
		     "what defines an origin has to select WASM_ORIGINS");                         \
	static const STRUCT_SECTION_ITERABLE_NAMED(zephyr_wasm_origin, priority##_##name,          \
						   name##_origin)

/** Whether there is one of that name elsewhere, which stands for the embedded one. */
bool zephyr_wasm_is_replaced(const char *name);

/** Whether the module of an image is there; its origin gets ready. */
bool zephyr_wasm_has_module(const struct zephyr_wasm_image *image);

/** The embedded app of a name; NULL if there is none. */
const struct zephyr_wasm_image *zephyr_wasm_embedded_image(const char *name);

/** What can be started, one after the other; NULL behind the last. */
const struct zephyr_wasm_image *zephyr_wasm_image_at(size_t index);

/** What can be started of a name; NULL if there is nothing. */
const struct zephyr_wasm_image *zephyr_wasm_find_image(const char *name);

#endif /* ZEPHYR_WASM_SRC_IMAGES_H_ */
