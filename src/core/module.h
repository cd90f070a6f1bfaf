/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the runtime in Rust gets for an app: its module and its limits.
 */

#ifndef ZEPHYR_WASM_SRC_MODULE_H_
#define ZEPHYR_WASM_SRC_MODULE_H_

#include "app.h"
#include "zephyr_wasm_manifest.h"

/** A module to run. The runtime knows it as struct Source. */
struct zephyr_wasm_source {
	const uint8_t *wasm;
	size_t size;
	/* The build has validated the module. */
	bool validated;
	/* The entry function of the code that the build has compiled the module to; NULL if it has
	 * not. */
	const void *entry;
};

/** The keys of an app's manifest that are needed before its thread is created. If the manifest
 * lacks a key, 0, or -1 for the priority. */
struct zephyr_wasm_manifest {
	uint32_t heap;
	uint32_t stack;
	int32_t priority;
};

/** Finds the module of an app, and its limits. Called on the app's thread. Returns
 * ZEPHYR_WASM_END_NONE if the module is to run. Otherwise returns how the app has ended before any
 * of its code ran; @p detail says more, and the app's message has the reason in words. */
uint8_t zephyr_wasm_find_module(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source,
				struct zephyr_wasm_limits *limits, int32_t *detail);

#endif /* ZEPHYR_WASM_SRC_MODULE_H_ */
