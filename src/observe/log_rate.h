/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How many lines of the log each app causes.
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
/** How many lines an app has logged in this second. */
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
/** Counts a line for a host call of the calling app that a driver has failed, because the driver
 * may have logged that. If the app has no line left, waits for the next second first, so that no
 * app floods the log by calls that fail. The app can be killed meanwhile. */
void zephyr_wasm_failed(void);

/** The same in two parts, for a thread that works for an app and must not wait.
 * zephyr_wasm_may_fail() returns whether the app has a line left for a driver that fails. */
bool zephyr_wasm_may_fail(const struct zephyr_wasm_app *app);

/** zephyr_wasm_has_failed() counts the line after a driver has failed. */
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
