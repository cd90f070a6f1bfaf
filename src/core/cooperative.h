/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Between cooperative.c and thread.c.
 */

#ifndef ZEPHYR_WASM_SRC_COOPERATIVE_H_
#define ZEPHYR_WASM_SRC_COOPERATIVE_H_

#include "internal.h"

/** Finds an app's module, and loads it: NULL, and the end, if it is refused. On the shared thread.
 */
void *zephyr_wasm_enter(struct zephyr_wasm_app *app, uint8_t *end, int32_t *detail);

#endif /* ZEPHYR_WASM_SRC_COOPERATIVE_H_ */
