/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finds devices by their names in the devicetree, and has words for an app's states.
 */

#ifndef ZEPHYR_WASM_SRC_NAMES_H_
#define ZEPHYR_WASM_SRC_NAMES_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr_wasm/zephyr_wasm.h>

/** Returns the index of a name in a table of @p count entries, or FAILURE_UNKNOWN. Each entry has
 * @p size bytes, and begins with a pointer to its name. */
int32_t zephyr_wasm_find_name(const void *table, size_t count, size_t size, const char *name,
			      size_t length);

/** Returns a word for a state. */
const char *zephyr_wasm_state_name(enum zephyr_wasm_state state);

#endif /* ZEPHYR_WASM_SRC_NAMES_H_ */
