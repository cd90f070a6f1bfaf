/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Another app takes the slot of one that is being stopped: here, wherever the stop lets the
 * scheduler go.
 */

#include <zephyr/kernel.h>

#include "common.h"

ZEPHYR_WASM_IMAGE_DECLARE(polite);
ZEPHYR_WASM_IMAGE_DECLARE(spins);

/* More often than a stop lets it go. */
#define MOST 100

/* Who stops, which app, and how often the scheduler is let go before; less than 0 for never. */
static k_tid_t stopper;
static struct zephyr_wasm_app *stopped;
static int left = -1;

void __real_k_sched_unlock(void);
void __wrap_k_sched_unlock(void);

/* Ends an app and starts another one on its slot, which has looked by then whether it is asked to
 * end. */
static void replace(void)
{
	zassert_ok(zephyr_wasm_kill(stopped));
	zassert_ok(zephyr_wasm_wait(stopped, ENOUGH, NULL));
	zassert_ok(zephyr_wasm_release(stopped));
	zassert_equal(begin(ZEPHYR_WASM_IMAGE(polite)), stopped, "another slot");
	k_sleep(K_MSEC(5));
}

void __wrap_k_sched_unlock(void)
{
	__real_k_sched_unlock();
	if (left >= 0 && !k_is_in_isr() && k_current_get() == stopper &&
	    stopper->base.sched_locked == 0 && left-- == 0) {
		replace();
	}
}

/* Stops an app whose slot is another's by then; false if it was stopped before. */
static bool stops_another(const struct zephyr_wasm_image *image, int after)
{
	bool is_another;

	stopped = begin(image);
	k_sleep(K_MSEC(5));
	stopper = k_current_get();
	left = after;
	(void)zephyr_wasm_stop(stopped, K_MSEC(30));
	is_another = left < 0;
	left = -1;
	if (is_another) {
		/* Nobody has asked this one. */
		is_in(stopped, ZEPHYR_WASM_STATE_RUNNING);
		zassert_ok(zephyr_wasm_kill(stopped));
	}
	zassert_ok(zephyr_wasm_wait(stopped, ENOUGH, NULL));
	zassert_ok(zephyr_wasm_release(stopped));
	return is_another;
}

ZTEST(lifecycle, test_a_stop_is_of_the_app_that_was_meant)
{
	const struct zephyr_wasm_image *const images[] = {
		ZEPHYR_WASM_IMAGE(polite),
		ZEPHYR_WASM_IMAGE(spins),
	};

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		int after = 0;

		while (after < MOST && stops_another(images[i], after)) {
			after++;
		}
		zassert_true(after > 0 && after < MOST, "%s: %d times", images[i]->name, after);
	}
}
