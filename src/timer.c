/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * zephyr:timer over the kernel's timers. They are outside the memory of apps, so that a timer that
 * is running when its app ends is stopped before that memory is used again.
 */

#include <zephyr/kernel.h>

#include "internal.h"

struct timer {
	struct k_timer timer;
	const struct zephyr_wasm_app *owner;
};

static struct timer timers[CONFIG_WASM_TIMERS];

k_ticks_t zephyr_wasm_ticks(uint64_t duration);

/*
 * The timer of that number, which the handle table has checked to be its app's. That one is the
 * calling thread's, or has ended and is being closed by the reaper.
 */
static struct k_timer *timer_of(uint32_t number)
{
	__ASSERT_NO_MSG(number < ARRAY_SIZE(timers) && timers[number].owner != NULL);
	return &timers[number].timer;
}

/** Returns the number of a new timer, or -ENOMEM. */
int32_t zephyr_wasm_timer_start(uint64_t duration, bool periodic)
{
	k_timeout_t period = K_TICKS(zephyr_wasm_ticks(duration));
	struct timer *found = NULL;

	k_sched_lock();
	for (size_t i = 0; i < ARRAY_SIZE(timers) && found == NULL; i++) {
		if (timers[i].owner == NULL) {
			found = &timers[i];
			found->owner = zephyr_wasm_current();
		}
	}
	k_sched_unlock();
	if (found == NULL) {
		return -ENOMEM;
	}
	k_timer_init(&found->timer, NULL, NULL);
	k_timer_start(&found->timer, period, periodic ? period : K_NO_WAIT);
	return found - timers;
}

uint32_t zephyr_wasm_timer_wait(uint32_t number)
{
	return k_timer_status_sync(timer_of(number));
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
	k_timer_stop(timer_of(number));
	timers[number].owner = NULL;
}

void zephyr_wasm_timers_close(const struct zephyr_wasm_app *app)
{
	for (size_t i = 0; i < ARRAY_SIZE(timers); i++) {
		if (timers[i].owner == app) {
			k_timer_stop(&timers[i].timer);
			timers[i].owner = NULL;
		}
	}
}
