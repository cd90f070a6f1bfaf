/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What can be started: the apps of the store, and those that are embedded. One in the store stands
 * for the embedded one of its name.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

#include "internal.h"

const struct zephyr_wasm_image *zephyr_wasm_embedded_image(const char *name)
{
	STRUCT_SECTION_FOREACH(zephyr_wasm_image, image) {
		if (strcmp(image->name, name) == 0) {
			return image;
		}
	}
	return NULL;
}

const struct zephyr_wasm_image *zephyr_wasm_image_at(size_t index)
{
#ifdef CONFIG_WASM_STORE
	const struct zephyr_wasm_image *stored = zephyr_wasm_store_image(&index);

	if (stored != NULL) {
		return stored;
	}
#endif
	STRUCT_SECTION_FOREACH(zephyr_wasm_image, image) {
#ifdef CONFIG_WASM_STORE
		if (zephyr_wasm_store_has(image->name)) {
			continue;
		}
#endif
		if (index-- == 0) {
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
