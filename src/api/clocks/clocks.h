/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A part of internal.h, which includes it: lengths of time, and how often an app may ask.
 */

#ifndef ZEPHYR_WASM_SRC_CLOCKS_H_
#define ZEPHYR_WASM_SRC_CLOCKS_H_

/** The uptime in nanoseconds. */
uint64_t zephyr_wasm_clock_now(void);

/** How long a call may wait that is given so many nanoseconds. */
#define ZEPHYR_WASM_TIMEOUT(nanoseconds) K_TICKS(zephyr_wasm_ticks(nanoseconds))

/** A duration in nanoseconds in the kernel's ticks, at least that long, and cut to what the kernel
 * can count. */
k_ticks_t zephyr_wasm_ticks(uint64_t duration);

/** The shortest period that the calling thread's app may have something done by, in ticks: the
 * image's, or that of its manifest if it is longer. */
#ifdef CONFIG_WASM_SUPERVISOR
k_ticks_t zephyr_wasm_shortest(const char *key, uint32_t microseconds);
#else
#define zephyr_wasm_shortest(key, microseconds) ((k_ticks_t)k_us_to_ticks_ceil64(microseconds))
#endif

#ifndef CONFIG_WASM_COOPERATIVE
/**
 * Has the app of the calling thread wait until it may make its next request of a kind, which is at
 * @p next, and lets a kill come meanwhile: what it holds is in pools. The one after that may come
 * so many milliseconds later, or as many as @p key of its manifest says if they are more.
 */
void zephyr_wasm_pace(const struct zephyr_wasm_app *app, k_timepoint_t *next, const char *key,
		      uint32_t milliseconds);
#endif

#endif /* ZEPHYR_WASM_SRC_CLOCKS_H_ */
