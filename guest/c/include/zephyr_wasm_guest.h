/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What an app in C starts from: the bindings of every host API, and shorter names for the
 * usual calls.
 *
 * The app defines `int32_t exports_app_run(void)`. 0 means success; any other value is its own
 * error code.
 */

#ifndef ZEPHYR_WASM_GUEST_H_
#define ZEPHYR_WASM_GUEST_H_

#include <stdarg.h>
#include <stdio.h>

#include "app.h"

/** Nanoseconds in a millisecond, for the host APIs that take nanoseconds. */
#define MILLISECOND UINT64_C(1000000)

/** Logs a text. */
static inline void guest_log(wasi_logging_logging_level_t level, const char *text)
{
	app_string_t context;
	app_string_t message;

	app_string_set(&context, "");
	app_string_set(&message, text);
	wasi_logging_logging_log(level, &context, &message);
}

/** Logs what an operator may want to know. */
static inline void guest_info(const char *text)
{
	guest_log(WASI_LOGGING_LOGGING_LEVEL_INFO, text);
}

/** Logs a text with values, as snprintf() of stdio.h makes it; what is longer than 127 bytes is
 * cut. */
static inline __attribute__((format(printf, 2, 3))) void
guest_logf(wasi_logging_logging_level_t level, const char *format, ...)
{
	char text[128];
	va_list values;

	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	guest_log(level, text);
}

/** Waits for some milliseconds. */
static inline void guest_sleep_ms(uint32_t milliseconds)
{
	wasi_clocks_monotonic_clock_wait_for(milliseconds * MILLISECOND);
}

#endif /* ZEPHYR_WASM_GUEST_H_ */
