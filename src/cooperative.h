/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Between cooperative.c, thread.c and the Rust side.
 */

#ifndef ZEPHYR_WASM_SRC_COOPERATIVE_H_
#define ZEPHYR_WASM_SRC_COOPERATIVE_H_

#include "internal.h"

/** Finds an app's module, and loads it: NULL, and the end, if it is refused. On the shared thread.
 */
void *zephyr_wasm_enter(struct zephyr_wasm_app *app, uint8_t *end, int32_t *detail);

/* The Rust side: rust/platform-zephyr/src/cooperative.rs */

void *zephyr_wasm_rs_enter(const struct zephyr_wasm_source *source,
			   const struct zephyr_wasm_limits *limits, uint8_t *end, int32_t *detail,
			   char *message);

bool zephyr_wasm_rs_step(void *member, uint8_t *end, int32_t *detail, char *message);

#endif /* ZEPHYR_WASM_SRC_COOPERATIVE_H_ */
