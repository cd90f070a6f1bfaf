/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Lengths of time, and how often an app may ask for something.
 */

#ifndef ZEPHYR_WASM_SRC_TIMING_H_
#define ZEPHYR_WASM_SRC_TIMING_H_

#include <stdint.h>

#include <zephyr/kernel.h>

struct zephyr_wasm_app;

/** A timeout of the kernel's, from nanoseconds as WIT has them. */
#define ZEPHYR_WASM_TIMEOUT(nanoseconds) K_TICKS(zephyr_wasm_ticks(nanoseconds))

/** A duration in nanoseconds in the kernel's ticks, at least that long, and cut to what the kernel
 * can count. */
k_ticks_t zephyr_wasm_ticks(uint64_t duration);

#ifndef CONFIG_WASM_COOPERATIVE
/**
 * Has the app of the calling thread wait until it may make its next request of a kind, which is at
 * @p next, and lets a kill come meanwhile: what it holds is in pools. The one after that may come
 * so many milliseconds later, or as many as @p key of its manifest says if they are more.
 */
void zephyr_wasm_pace(const struct zephyr_wasm_app *app, k_timepoint_t *next, const char *key,
		      uint32_t milliseconds);
#endif

#endif /* ZEPHYR_WASM_SRC_TIMING_H_ */
