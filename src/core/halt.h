/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps apps from running for a while (CONFIG_WASM_PAUSE): halt.c.
 */

#ifndef ZEPHYR_WASM_SRC_HALT_H_
#define ZEPHYR_WASM_SRC_HALT_H_

#include "app.h"

/** Why an app is kept from running. */
enum zephyr_wasm_halt {
	ZEPHYR_WASM_HALT_PAUSED = BIT(0),
	ZEPHYR_WASM_HALT_THROTTLED = BIT(1),
};

#ifdef CONFIG_WASM_PAUSE
/** Keeps an app from running that has been started and has not ended, for one more reason. */
void zephyr_wasm_halt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason);

/** Removes a reason, and lets the app run if there is no other. */
void zephyr_wasm_unhalt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason);

/** Halts the app of the calling thread, if there is a reason. Called at the end of a host call,
 * during which the app could not be halted. */
void zephyr_wasm_halt_current(struct zephyr_wasm_app *app);
#else
static inline void zephyr_wasm_unhalt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason)
{
	ARG_UNUSED(app);
	ARG_UNUSED(reason);
}

static inline void zephyr_wasm_halt_current(struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
}
#endif

#endif /* ZEPHYR_WASM_SRC_HALT_H_ */
