/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Converts durations, and spaces the requests of an app.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/time_units.h>

#include "app.h"
#include "timing.h"

k_ticks_t zephyr_wasm_ticks(uint64_t duration)
{
	/* Beyond this, which is more than 100 years, the conversion would overflow. */
	const uint64_t longest = 100ULL * 366 * 24 * 3600 * NSEC_PER_SEC;
	uint64_t ticks = k_ns_to_ticks_ceil64(MIN(duration, longest));

	return (k_ticks_t)MIN(ticks, (uint64_t)(IS_ENABLED(CONFIG_TIMEOUT_64BIT) ? INT64_MAX / 2
										 : INT32_MAX / 2));
}

#ifndef CONFIG_WASM_COOPERATIVE
void zephyr_wasm_pace(const struct zephyr_wasm_app *app, k_timepoint_t *next, const char *key,
		      uint32_t milliseconds)
{
	uint32_t own = zephyr_wasm_rs_setting(app->image->wasm, app->image->size, key, 0);
	k_timeout_t wait = sys_timepoint_timeout(*next);

	if (!K_TIMEOUT_EQ(wait, K_NO_WAIT)) {
		zephyr_wasm_wait_begin();
		k_sleep(wait);
		zephyr_wasm_wait_end();
	}
	*next = sys_timepoint_calc(K_MSEC(MAX(own, milliseconds)));
}
#endif
