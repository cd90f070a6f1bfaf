/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finds devices by their names in the devicetree, and has words for an app's states.
 */

#include <string.h>

#include "names.h"
#include "zephyr_wasm_declared.h"

int32_t zephyr_wasm_find_name(const void *table, size_t count, size_t size, const char *name,
			      size_t length)
{
	for (size_t i = 0; i < count; i++) {
		const char *known = *(const char *const *)((const uint8_t *)table + i * size);

		if (strlen(known) == length && memcmp(known, name, length) == 0) {
			return (int32_t)i;
		}
	}
	return FAILURE_UNKNOWN;
}

const char *zephyr_wasm_state_name(enum zephyr_wasm_state state)
{
	static const char *const words[] = {
		[ZEPHYR_WASM_STATE_STARTING] = "starting",
		[ZEPHYR_WASM_STATE_RUNNING] = "running",
		[ZEPHYR_WASM_STATE_ENDED] = "ended",
		[ZEPHYR_WASM_STATE_STOPPING] = "stopping",
		[ZEPHYR_WASM_STATE_PAUSED] = "paused",
		[ZEPHYR_WASM_STATE_BACKING_OFF] = "backing off",
	};

	return words[state];
}
