/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What manifests say of supervision is kept.
 */

#include <zephyr/kernel.h>

#include "common.h"
#include "observe/log_rate.h"

ZEPHYR_WASM_IMAGE_DECLARE(crashes);
ZEPHYR_WASM_IMAGE_DECLARE(again);
ZEPHYR_WASM_IMAGE_DECLARE(beats);
ZEPHYR_WASM_IMAGE_DECLARE(greedy);
ZEPHYR_WASM_IMAGE_DECLARE(stuck);
ZEPHYR_WASM_IMAGE_DECLARE(chatty);
ZEPHYR_WASM_IMAGE_DECLARE(shouts);

static void status_of(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status)
{
	zassert_ok(zephyr_wasm_status(app, status));
}

ZTEST(supervision, test_an_app_that_fails_is_started_again_ever_later)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(crashes), &app));
	k_sleep(K_MSEC(50));
	status_of(app, &status);
	zassert_equal(status.state, ZEPHYR_WASM_STATE_BACKING_OFF);
	zassert_equal(status.end, ZEPHYR_WASM_END_TRAPPED);
	zassert_equal(zephyr_wasm_wait(app, K_NO_WAIT, NULL), -EAGAIN, "it is not its last end");
	zassert_equal(zephyr_wasm_release(app), -EBUSY);
	zassert_equal(zephyr_wasm_pause(app), -ESRCH);
	/* Waits of 100, 200 and 400 ms, and of 400 ms from then on. */
	k_sleep(K_MSEC(750));
	status_of(app, &status);
	zassert_equal(status.restarts, 3, "%u restarts", status.restarts);
	k_sleep(K_MSEC(800));
	status_of(app, &status);
	zassert_equal(status.restarts, 5, "%u restarts", status.restarts);
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, ZEPHYR_WASM_END_TRAPPED);
}

ZTEST(supervision, test_success_is_repeated_only_if_asked)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(again), &app));
	k_sleep(K_MSEC(350));
	status_of(app, &status);
	zassert_equal(status.restarts, 2, "%u restarts", status.restarts);
	zassert_ok(zephyr_wasm_stop(app, ENOUGH), "it waits for its next start");
	finish(app, ZEPHYR_WASM_END_RETURNED);
}

/* A file asks for less than the image gives, and never for more. */
ZTEST(supervision, test_log_lines_are_at_most_the_image_s)
{
	struct zephyr_wasm_app *app = begin(ZEPHYR_WASM_IMAGE(chatty));

	zassert_equal(zephyr_wasm_log_rate_of(app)->most, 3);
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, ZEPHYR_WASM_END_KILLED);
	app = begin(ZEPHYR_WASM_IMAGE(shouts));
	k_sleep(K_MSEC(700));
	zassert_equal(zephyr_wasm_log_rate_of(app)->most, CONFIG_WASM_LOG_LINES_PER_SECOND);
	zassert_true(zephyr_wasm_log_rate_of(app)->lines <= CONFIG_WASM_LOG_LINES_PER_SECOND, "%u",
		     zephyr_wasm_log_rate_of(app)->lines);
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, ZEPHYR_WASM_END_KILLED);
}

ZTEST(supervision, test_a_missed_heartbeat_is_an_end)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;
	int64_t began = k_uptime_get();

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(beats), &app));
	zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status));
	zassert_true(k_uptime_get() - began >= 250, "it was well for so long");
	zassert_true(k_uptime_get() - began <= 500, "and ill for so long");
	finish(app, ZEPHYR_WASM_END_UNRESPONSIVE);

	/* Nobody expects a sign of life of one that is paused. */
	app = begin(ZEPHYR_WASM_IMAGE(beats));
	zassert_ok(zephyr_wasm_pause(app));
	k_sleep(K_MSEC(300));
	is_in(app, ZEPHYR_WASM_STATE_PAUSED);
	zassert_ok(zephyr_wasm_resume(app));
	is_in(app, ZEPHYR_WASM_STATE_RUNNING);
	finish(app, ZEPHYR_WASM_END_UNRESPONSIVE);
}

ZTEST(supervision, test_an_app_gets_no_more_than_its_share)
{
	struct zephyr_wasm_app *app = begin(ZEPHYR_WASM_IMAGE(greedy));
	struct zephyr_wasm_status before, after;
	uint32_t percent;

	/* What it had saved up is used by then. */
	k_sleep(K_MSEC(500));
	status_of(app, &before);
	k_sleep(K_MSEC(1000));
	status_of(app, &after);
	percent = (after.run_cycles - before.run_cycles) * 100 / sys_clock_hw_cycles_per_sec();
	zassert_between_inclusive(percent, 17, 23, "%u percent", percent);
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, ZEPHYR_WASM_END_KILLED);
}

/* That it is kept from running for its share is no sign of life. */
ZTEST(supervision, test_one_that_computes_misses_its_heartbeat_whatever_its_share)
{
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(stuck), &app));
	finish(app, ZEPHYR_WASM_END_UNRESPONSIVE);
}

ZTEST_SUITE(supervision, NULL, NULL, NULL, NULL, NULL);
