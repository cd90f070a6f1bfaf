/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The board's watchdog, fed by the supervisor.
 */

#ifndef ZEPHYR_WASM_WATCHDOG_H_
#define ZEPHYR_WASM_WATCHDOG_H_

#ifdef CONFIG_WASM_WATCHDOG
/** Starts the watchdog. Returns 0 or an error of its driver. */
int zephyr_wasm_watchdog_start(void);

/** Feeds the watchdog. Called each time the supervisor has checked the apps. */
void zephyr_wasm_watchdog_feed(void);
#else
static inline void zephyr_wasm_watchdog_feed(void)
{
}
#endif

#endif /* ZEPHYR_WASM_WATCHDOG_H_ */
