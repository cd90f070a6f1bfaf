/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:timer, by the kernel's timers.
 */

#include <zephyr/kernel.h>

#include <zephyr_wasm/host.h>

#include "api/clocks/clocks.h"
#include "core/pool.h"
#include "core/thread.h"
#include "core/timing.h"
#include "core/wait.h"
#include "zephyr_wasm_manifest.h"

struct timer {
	zephyr_wasm_owner_t owner;
	struct k_timer timer;
};

static void close(void *slot)
{
	struct timer *timer = slot;

	k_timer_stop(&timer->timer);
	zephyr_wasm_wake(timer->owner);
}

static void open(void *slot)
{
	struct timer *timer = slot;

	k_timer_init(&timer->timer, zephyr_wasm_on_expiry, NULL);
}

/* Closing also wakes: a wait for a timer that is stopped returns. */
ZEPHYR_WASM_POOL_DEFINE_KIND(timers, struct timer, CONFIG_WASM_TIMER_COUNT, open, close, close,
			     ZEPHYR_WASM_POOL_TIMERS);

static struct k_timer *timer_of(uint32_t number)
{
	struct timer *timer = zephyr_wasm_pool_slot(&timers, number);

	return &timer->timer;
}

/** Starts a timer. Returns its number, or FAILURE_LIMIT. */
int32_t zephyr_wasm_timer_start(uint64_t duration, bool periodic)
{
	k_ticks_t ticks = zephyr_wasm_ticks(duration);
	k_timeout_t period;
	int32_t number = zephyr_wasm_pool_take(&timers);

	if (periodic) {
		k_ticks_t shortest = zephyr_wasm_shortest(ZEPHYR_WASM_KEY_TIMER_PERIOD_US,
							  CONFIG_WASM_TIMER_PERIOD_MIN_US);

		ticks = MAX(ticks, shortest);
	}
	if (number >= 0) {
		period = K_TICKS(ticks);
		k_timer_user_data_set(timer_of(number), zephyr_wasm_current());
		k_timer_start(timer_of(number), period, periodic ? period : K_NO_WAIT);
	}
	return number;
}

uint32_t zephyr_wasm_timer_wait(uint32_t number)
{
	return zephyr_wasm_wait_for_timer(timer_of(number));
}

uint32_t zephyr_wasm_timer_expired(uint32_t number)
{
	return k_timer_status_get(timer_of(number));
}

void zephyr_wasm_timer_stop(uint32_t number)
{
	k_timer_stop(timer_of(number));
}

void zephyr_wasm_timer_close(uint32_t number)
{
	zephyr_wasm_pool_give(&timers, number);
}
