/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the runtime in Rust is given of an app: its module, and its limits.
 */

#ifndef ZEPHYR_WASM_SRC_MODULE_H_
#define ZEPHYR_WASM_SRC_MODULE_H_

#include "app.h"
#include "zephyr_wasm_manifest.h"

/** A module to run: struct Source of the runtime. */
struct zephyr_wasm_source {
	const uint8_t *wasm;
	size_t size;
	/* The build has validated it. */
	bool validated;
	/* The entry of what the build has compiled it to, or NULL. */
	const void *entry;
};

/** What an app's manifest says before there is a thread; 0, and -1 for the priority, if nothing. */
struct zephyr_wasm_manifest {
	uint32_t heap;
	uint32_t stack;
	int32_t priority;
};

/**
 * Finds the module of an app, on its thread, and what it may use: ZEPHYR_WASM_END_NONE; or how the
 * app has ended before anything of it ran, with the detail, and words in its message.
 */
uint8_t zephyr_wasm_find_module(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source,
				struct zephyr_wasm_limits *limits, int32_t *detail);

#endif /* ZEPHYR_WASM_SRC_MODULE_H_ */
