/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How often each app calls which host API (CONFIG_WASM_METRICS).
 */

#ifndef ZEPHYR_WASM_SRC_METRICS_H_
#define ZEPHYR_WASM_SRC_METRICS_H_

#include <stddef.h>
#include <stdint.h>

struct zephyr_wasm_app;

/** The room for counters: more than there are host APIs. */
#define ZEPHYR_WASM_COUNTED_MAX 24

/** The host APIs whose calls are counted. */
extern const char *const zephyr_wasm_counted[];
extern const size_t zephyr_wasm_counted_count;

/** Counts a call of the calling thread's app. */
void zephyr_wasm_count(size_t api);

#ifdef CONFIG_WASM_METRICS
/** How many calls an app has made since its last start. */
uint32_t zephyr_wasm_calls_of(const struct zephyr_wasm_app *app);
#else
static inline uint32_t zephyr_wasm_calls_of(const struct zephyr_wasm_app *app)
{
	(void)app;
	return 0;
}
#endif

#endif /* ZEPHYR_WASM_SRC_METRICS_H_ */
