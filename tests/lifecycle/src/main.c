/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps are stopped, killed, paused, resumed and started again, from whatever they are doing.
 */

#include <string.h>

#include <zephyr/kernel.h>

#include "common.h"

ZEPHYR_WASM_IMAGE_DECLARE(polite);
ZEPHYR_WASM_IMAGE_DECLARE(deaf);
ZEPHYR_WASM_IMAGE_DECLARE(chatty);
ZEPHYR_WASM_IMAGE_DECLARE(waits_for_timer);
ZEPHYR_WASM_IMAGE_DECLARE(spins);
ZEPHYR_WASM_IMAGE_DECLARE(sleeps);

/* Ends of every kind of doing: computing, waiting, and a call that a kill must not cut. */
static const struct zephyr_wasm_image *const doings[] = {
	ZEPHYR_WASM_IMAGE(spins),  ZEPHYR_WASM_IMAGE(sleeps), ZEPHYR_WASM_IMAGE(waits_for_timer),
	ZEPHYR_WASM_IMAGE(chatty), ZEPHYR_WASM_IMAGE(deaf),   ZEPHYR_WASM_IMAGE(polite),
};

struct zephyr_wasm_app *begin(const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_start(image, &app), "%s: not started", image->name);
	do {
		k_sleep(K_MSEC(1));
		zassert_ok(zephyr_wasm_status(app, &status));
	} while (status.state == ZEPHYR_WASM_STATE_STARTING);
	return app;
}

void is_in(struct zephyr_wasm_app *app, enum zephyr_wasm_state state)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_status(app, &status));
	zassert_equal(status.state, state, "state %d: %s", status.state, status.message);
}

void finish(struct zephyr_wasm_app *app, enum zephyr_wasm_end end)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status), "has not ended");
	zassert_equal(status.end, end, "end %d: %s", status.end, status.message);
	zassert_equal(status.held, 0);
	zassert_ok(zephyr_wasm_release(app));
}

static uint64_t cycles_of(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_status(app, &status));
	return status.run_cycles;
}

ZTEST(lifecycle, test_an_app_ends_as_it_is_asked)
{
	struct zephyr_wasm_app *app = begin(ZEPHYR_WASM_IMAGE(polite));

	is_in(app, ZEPHYR_WASM_STATE_RUNNING);
	/* One that has not looked yet is killed at once: its code is translated first. */
	k_sleep(K_MSEC(5));
	zassert_ok(zephyr_wasm_stop(app, ENOUGH));
	is_in(app, ZEPHYR_WASM_STATE_ENDED);
	zassert_ok(zephyr_wasm_stop(app, ENOUGH), "stopping what has ended is no error");
	finish(app, ZEPHYR_WASM_END_RETURNED);

	app = begin(ZEPHYR_WASM_IMAGE(waits_for_timer));
	k_sleep(K_MSEC(5));
	zassert_ok(zephyr_wasm_stop(app, ENOUGH));
	finish(app, ZEPHYR_WASM_END_RETURNED);
}

ZTEST(lifecycle, test_an_app_that_does_not_end_is_killed)
{
	struct zephyr_wasm_app *app = begin(ZEPHYR_WASM_IMAGE(deaf));
	int64_t began = k_uptime_get();

	k_sleep(K_MSEC(5));
	zassert_equal(zephyr_wasm_stop(app, K_MSEC(100)), -ETIMEDOUT);
	zassert_true(k_uptime_get() - began >= 100, "it had its time");
	finish(app, ZEPHYR_WASM_END_KILLED);

	/* Nobody waits for one that never looks. */
	app = begin(ZEPHYR_WASM_IMAGE(spins));
	zassert_equal(zephyr_wasm_stop(app, K_FOREVER), -ETIMEDOUT);
	finish(app, ZEPHYR_WASM_END_KILLED);
}

ZTEST(lifecycle, test_whatever_an_app_does_it_is_killed)
{
	for (size_t round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(doings); i++) {
			struct zephyr_wasm_app *app = begin(doings[i]);
			int64_t asked;

			k_sleep(K_USEC(100 * (round % 100)));
			asked = k_uptime_get();
			zassert_ok(zephyr_wasm_kill(app));
			zassert_ok(zephyr_wasm_wait(app, ENOUGH, NULL));
			zassert_true(k_uptime_get() - asked <= 10, "%s: %lld ms", doings[i]->name,
				     k_uptime_get() - asked);
			finish(app, ZEPHYR_WASM_END_KILLED);
		}
	}
}

ZTEST(lifecycle, test_an_app_is_killed_as_it_starts)
{
	for (size_t round = 0; round < 2 * ROUNDS; round++) {
		struct zephyr_wasm_app *app;

		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(waits_for_timer), &app));
		k_sleep(K_USEC(50 * (round % 100)));
		zassert_ok(zephyr_wasm_kill(app));
		finish(app, ZEPHYR_WASM_END_KILLED);
	}
}

ZTEST(lifecycle, test_a_paused_app_does_not_run)
{
	for (size_t i = 0; i < ARRAY_SIZE(doings); i++) {
		struct zephyr_wasm_app *app = begin(doings[i]);
		uint64_t cycles;

		zassert_ok(zephyr_wasm_pause(app));
		zassert_ok(zephyr_wasm_pause(app), "pausing what is paused is no error");
		/* Until the call that it is in is done. */
		k_sleep(K_MSEC(20));
		is_in(app, ZEPHYR_WASM_STATE_PAUSED);
		cycles = cycles_of(app);
		k_sleep(K_MSEC(50));
		zassert_equal(cycles_of(app), cycles, "%s ran", doings[i]->name);
		zassert_ok(zephyr_wasm_resume(app));
		is_in(app, ZEPHYR_WASM_STATE_RUNNING);
		zassert_ok(zephyr_wasm_pause(app));
		zassert_ok(zephyr_wasm_kill(app));
		finish(app, ZEPHYR_WASM_END_KILLED);
	}
}

ZTEST(lifecycle, test_a_resumed_app_goes_on)
{
	struct zephyr_wasm_app *app = begin(ZEPHYR_WASM_IMAGE(spins));
	uint64_t cycles;

	zassert_ok(zephyr_wasm_pause(app));
	cycles = cycles_of(app);
	zassert_ok(zephyr_wasm_resume(app));
	k_sleep(K_MSEC(20));
	zassert_true(cycles_of(app) > cycles);
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, ZEPHYR_WASM_END_KILLED);

	/* One that is paused is asked to end as any other. */
	app = begin(ZEPHYR_WASM_IMAGE(polite));
	zassert_ok(zephyr_wasm_pause(app));
	zassert_ok(zephyr_wasm_stop(app, ENOUGH));
	finish(app, ZEPHYR_WASM_END_RETURNED);
}

ZTEST(lifecycle, test_an_app_is_restarted)
{
	struct zephyr_wasm_app *app = begin(ZEPHYR_WASM_IMAGE(polite));

	for (size_t round = 0; round < 5; round++) {
		zassert_ok(zephyr_wasm_restart(app, ENOUGH));
		zassert_equal(zephyr_wasm_release(app), -EBUSY);
	}
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, ZEPHYR_WASM_END_KILLED);
}

static uint32_t calls_of(struct zephyr_wasm_app *app, const char *api)
{
	struct zephyr_wasm_calls calls;

	for (size_t i = 0; zephyr_wasm_calls(app, i, &calls) == 0; i++) {
		if (strcmp(calls.api, api) == 0) {
			return calls.count;
		}
	}
	zassert_unreachable("no API %s", api);
	return 0;
}

ZTEST(lifecycle, test_what_an_app_calls_is_counted)
{
	struct zephyr_wasm_app *app = begin(ZEPHYR_WASM_IMAGE(waits_for_timer));
	struct zephyr_wasm_status before, after;
	struct zephyr_wasm_calls calls;

	zassert_ok(zephyr_wasm_status(app, &before));
	zassert_equal(calls_of(app, "timer"), 2, "%u", calls_of(app, "timer"));
	zassert_equal(calls_of(app, "log"), 0);
	zassert_ok(zephyr_wasm_stop(app, ENOUGH));
	zassert_ok(zephyr_wasm_status(app, &after));
	zassert_true(before.wakeups > 0 && after.wakeups > before.wakeups, "%u, %u", before.wakeups,
		     after.wakeups);
	zassert_equal(zephyr_wasm_calls(app, 1000, &calls), -ENOENT);
	zassert_equal(zephyr_wasm_calls(NULL, 0, &calls), -EINVAL);
	/* Each start counts anew. */
	zassert_ok(zephyr_wasm_restart(app, ENOUGH));
	zassert_true(calls_of(app, "timer") <= 2);
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, ZEPHYR_WASM_END_KILLED);
}

ZTEST(lifecycle, test_what_is_no_app_is_refused)
{
	struct zephyr_wasm_app *app = begin(ZEPHYR_WASM_IMAGE(polite));

	zassert_equal(zephyr_wasm_stop(NULL, K_NO_WAIT), -EINVAL);
	zassert_equal(zephyr_wasm_pause(NULL), -EINVAL);
	zassert_equal(zephyr_wasm_resume(NULL), -EINVAL);
	zassert_equal(zephyr_wasm_restart(NULL, K_NO_WAIT), -EINVAL);
	zassert_ok(zephyr_wasm_kill(app));
	zassert_ok(zephyr_wasm_wait(app, ENOUGH, NULL));
	zassert_equal(zephyr_wasm_pause(app), -ESRCH);
	zassert_equal(zephyr_wasm_resume(app), -ESRCH);
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST_SUITE(lifecycle, NULL, NULL, NULL, NULL, NULL);
