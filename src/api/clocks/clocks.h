/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The uptime, and the shortest period that an app may ask for: of a timer, or of samples.
 */

#ifndef ZEPHYR_WASM_SRC_CLOCKS_H_
#define ZEPHYR_WASM_SRC_CLOCKS_H_

#include <stdint.h>

#include <zephyr/kernel.h>

/** The uptime in nanoseconds. */
uint64_t zephyr_wasm_clock_now(void);

/** The shortest period that the calling thread's app may ask for, in ticks: that of the image in @p
 * microseconds, or that of @p key in its manifest if it is longer. */
#ifdef CONFIG_WASM_SUPERVISOR
k_ticks_t zephyr_wasm_shortest(const char *key, uint32_t microseconds);
#else
#define zephyr_wasm_shortest(key, microseconds) ((k_ticks_t)k_us_to_ticks_ceil64(microseconds))
#endif

#endif /* ZEPHYR_WASM_SRC_CLOCKS_H_ */
