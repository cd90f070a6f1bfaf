/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What both suites use.
 */

#ifndef COMMON_H_
#define COMMON_H_

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

#define ENOUGH K_SECONDS(10)

/** Starts an app, and waits until it runs. */
struct zephyr_wasm_app *begin(const struct zephyr_wasm_image *image);

/** Asserts an app's state. */
void is_in(struct zephyr_wasm_app *app, enum zephyr_wasm_state state);

/** Waits for an app's end, asserts how it was, and gives its slot back. */
void finish(struct zephyr_wasm_app *app, enum zephyr_wasm_end end);

#endif /* COMMON_H_ */
