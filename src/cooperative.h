/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Between cooperative.c and app.c.
 */

#ifndef ZEPHYR_WASM_SRC_COOPERATIVE_H_
#define ZEPHYR_WASM_SRC_COOPERATIVE_H_

#include "internal.h"

/** Has an app take part whose slot is prepared. */
void zephyr_wasm_cooperative_launch(struct zephyr_wasm_app *app);

/** Takes an app off the thread that has ended. */
void zephyr_wasm_cooperative_reap(struct zephyr_wasm_app *app);

/** The most bytes of the stack that apps share, as far as it is the thread's since it was started.
 */
size_t zephyr_wasm_cooperative_stack(void);

/** Finds an app's module, and loads it: NULL, and the end, if it is refused. On the shared thread.
 */
void *zephyr_wasm_enter(struct zephyr_wasm_app *app, uint8_t *end, int32_t *detail);

/* The Rust side: rust/platform-zephyr/src/cooperative.rs */

void *zephyr_wasm_rs_enter(const struct zephyr_wasm_source *source,
			   const struct zephyr_wasm_limits *limits, uint8_t *end, int32_t *detail,
			   char *message);

bool zephyr_wasm_rs_step(void *member, uint8_t *end, int32_t *detail, char *message);

#endif /* ZEPHYR_WASM_SRC_COOPERATIVE_H_ */
