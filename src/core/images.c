/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The list of images that can be started: the embedded apps, and those of other origins, such as
 * the store. An app of another origin replaces the embedded app of the same name.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

#include "images.h"

const struct zephyr_wasm_image *zephyr_wasm_embedded_image(const char *name)
{
	STRUCT_SECTION_FOREACH(zephyr_wasm_image, image) {
		if (strcmp(image->name, name) == 0) {
			return image;
		}
	}
	return NULL;
}

bool zephyr_wasm_is_replaced(const char *name)
{
	ZEPHYR_WASM_FOREACH_ORIGIN(origin) {
		if (origin->stands_for != NULL && origin->stands_for(name)) {
			return true;
		}
	}
	return false;
}

bool zephyr_wasm_has_module(const struct zephyr_wasm_image *image)
{
	bool is_there = image->wasm != NULL;

	ZEPHYR_WASM_FOREACH_ORIGIN(origin) {
		is_there |= origin->prepares != NULL && origin->prepares(image);
	}
	return is_there;
}

const struct zephyr_wasm_image *zephyr_wasm_image_at(size_t index)
{
	ZEPHYR_WASM_FOREACH_ORIGIN(origin) {
		const struct zephyr_wasm_image *image =
			origin->image_at == NULL ? NULL : origin->image_at(&index);

		if (image != NULL) {
			return image;
		}
	}
	STRUCT_SECTION_FOREACH(zephyr_wasm_image, image) {
		if (!zephyr_wasm_is_replaced(image->name) && index-- == 0) {
			return image;
		}
	}
	return NULL;
}

const struct zephyr_wasm_image *zephyr_wasm_find_image(const char *name)
{
	const struct zephyr_wasm_image *image;

	for (size_t i = 0; (image = zephyr_wasm_image_at(i)) != NULL; i++) {
		if (strcmp(image->name, name) == 0) {
			return image;
		}
	}
	return NULL;
}
