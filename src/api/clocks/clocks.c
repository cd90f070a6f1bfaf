/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API wasi:clocks, by the kernel's uptime. Times are in nanoseconds.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/time_units.h>

#include <zephyr_wasm/host.h>

#include "core/app.h"
#include "core/thread.h"
#include "core/timing.h"
#include "core/wait.h"
#include "zephyr_wasm_declared.h"

#include "clocks.h"

uint64_t zephyr_wasm_clock_now(void)
{
	/* Read once. Where a tick is no whole number of nanoseconds, Zephyr's macro takes the
	 * seconds of its argument, and then the rest of it again: of a second that has begun in
	 * between, the clock would go back by a second. */
	const int64_t ticks = k_uptime_ticks();

	return k_ticks_to_ns_floor64(ticks);
}

uint64_t zephyr_wasm_clock_resolution(void)
{
	return k_ticks_to_ns_ceil64(1);
}

#ifdef CONFIG_WASM_SUPERVISOR
k_ticks_t zephyr_wasm_shortest(const char *key, uint32_t microseconds)
{
	const struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		uint32_t own = zephyr_wasm_rs_setting(app->image->wasm, app->image->size, key, 0);

		microseconds = MAX(microseconds, own);
	}
	return (k_ticks_t)k_us_to_ticks_ceil64(microseconds);
}
#endif

void zephyr_wasm_clock_sleep(uint64_t duration)
{
	zephyr_wasm_sleep(zephyr_wasm_ticks(duration));
}
