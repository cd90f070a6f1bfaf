/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Durations, and how often an app may make a request.
 */

#ifndef ZEPHYR_WASM_SRC_TIMING_H_
#define ZEPHYR_WASM_SRC_TIMING_H_

#include <stdint.h>

#include <zephyr/kernel.h>

struct zephyr_wasm_app;

/** A kernel timeout, from nanoseconds as WIT has them. */
#define ZEPHYR_WASM_TIMEOUT(nanoseconds) K_TICKS(zephyr_wasm_ticks(nanoseconds))

/** Converts a duration in nanoseconds to kernel ticks. Rounds up, and limits it to what the kernel
 * can count. */
k_ticks_t zephyr_wasm_ticks(uint64_t duration);

#ifndef CONFIG_WASM_COOPERATIVE
/**
 * Makes the app of the calling thread wait until it may make its next request of a kind, which is
 * at @p next. A kill can come meanwhile: what the app holds is in pools. The request after that may
 * come @p milliseconds later, or as many as @p key of its manifest says if that is more.
 */
void zephyr_wasm_pace(const struct zephyr_wasm_app *app, k_timepoint_t *next, const char *key,
		      uint32_t milliseconds);
#endif

#endif /* ZEPHYR_WASM_SRC_TIMING_H_ */
