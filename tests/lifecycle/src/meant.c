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

/* Who stops or waits, for which app, and how often the scheduler is let go before what happens
 * then; less than 0 for never. */
static k_tid_t stopper;
static struct zephyr_wasm_app *stopped;
static int left = -1;
static void (*happens)(void);

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
		happens();
	}
}

/* Stops an app whose slot is another's by then; false if it was stopped before. */
static bool stops_another(const struct zephyr_wasm_image *image, int after)
{
	bool is_another;

	stopped = begin(image);
	k_sleep(K_MSEC(5));
	stopper = k_current_get();
	happens = replace;
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

static int64_t ended;

/* The app ends, is started again, and somebody else waits for its next end. */
static void end_and_begin(void)
{
	struct zephyr_wasm_status status;

	ended = k_uptime_get();
	zassert_ok(zephyr_wasm_kill(stopped));
	do {
		k_sleep(K_MSEC(1));
		zassert_ok(zephyr_wasm_status(stopped, &status));
	} while (status.state != ZEPHYR_WASM_STATE_ENDED);
	zassert_ok(zephyr_wasm_restart(stopped, K_NO_WAIT));
	zassert_equal(zephyr_wasm_wait(stopped, K_MSEC(5), NULL), -EAGAIN);
}

ZTEST(lifecycle, test_a_wait_is_for_the_end_that_was_meant)
{
	for (int after = 0; after < 5; after++) {
		int64_t began;
		int result;

		stopped = begin(ZEPHYR_WASM_IMAGE(spins));
		stopper = k_current_get();
		happens = end_and_begin;
		began = k_uptime_get();
		ended = began + 1000;
		left = after;
		result = zephyr_wasm_wait(stopped, K_MSEC(100), NULL);
		left = -1;
		/* Else it ended as the wait was over. */
		zassert_true(result == 0 || ended - began >= 100, "%d: it has ended", after);
		zassert_ok(zephyr_wasm_kill(stopped));
		finish(stopped, ZEPHYR_WASM_END_KILLED);
	}
}
