/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How many lines of the log an app is the cause of.
 */

#ifndef ZEPHYR_WASM_SRC_LOG_RATE_H_
#define ZEPHYR_WASM_SRC_LOG_RATE_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/toolchain.h>

struct zephyr_wasm_app;

/** How much an app has logged. */
struct zephyr_wasm_log_rate {
	/* The second of uptime that is counted. */
	uint32_t second;
	uint32_t lines;
	uint32_t dropped;
	/* The most lines a second. */
	uint32_t most;
};

#ifdef CONFIG_WASM_LOG_LIMIT
/** What an app has logged in this second. */
const struct zephyr_wasm_log_rate *zephyr_wasm_log_rate_of(const struct zephyr_wasm_app *app);

/** Counts a line of an app; false if it has logged as many as it may in this second. */
bool zephyr_wasm_log_counts(struct zephyr_wasm_app *app);
#else
static inline bool zephyr_wasm_log_counts(struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	return true;
}
#endif

#if defined(CONFIG_WASM_LOG_LIMIT) && !defined(CONFIG_WASM_COOPERATIVE)
/** A driver has failed a call of the calling app, and may have logged that: counts a line of the
 * app's. If it has none left, waits for the next second first, so that no app floods the log by
 * calls that fail. A kill comes meanwhile. */
void zephyr_wasm_failed(void);

/** The same in two parts, for a thread that works for an app and must not wait: whether the app has
 * a line left for a driver that fails; */
bool zephyr_wasm_may_fail(const struct zephyr_wasm_app *app);

/** and that the driver has failed. */
void zephyr_wasm_has_failed(const struct zephyr_wasm_app *app);
#else
static inline void zephyr_wasm_failed(void)
{
}

static inline bool zephyr_wasm_may_fail(const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	return true;
}

static inline void zephyr_wasm_has_failed(const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
}
#endif

#endif /* ZEPHYR_WASM_SRC_LOG_RATE_H_ */
