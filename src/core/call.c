/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls of functions that apps export.
 */

#include <errno.h>

#include "app.h"

int zephyr_wasm_call(const struct zephyr_wasm_image *image, const struct zephyr_wasm_call *call,
		     struct zephyr_wasm_app **app)
{
	if (call == NULL || call->function == NULL ||
	    (call->result == NULL && call->result_size > 0)) {
		return -EINVAL;
	}
	if (call->result_size > 0) {
		call->result[0] = '\0';
	}
	return zephyr_wasm_start_for(image, call, app);
}
