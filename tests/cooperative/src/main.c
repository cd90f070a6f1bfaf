/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps that share a thread wait side by side, and are kept apart as others are.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(ticks);
ZEPHYR_WASM_IMAGE_DECLARE(recurses);
ZEPHYR_WASM_IMAGE_DECLARE(yields);
ZEPHYR_WASM_IMAGE_DECLARE(waits_inside);
ZEPHYR_WASM_IMAGE_DECLARE(asks);
ZEPHYR_WASM_IMAGE_DECLARE(answers);
ZEPHYR_WASM_IMAGE_DECLARE(spins);
ZEPHYR_WASM_IMAGE_DECLARE(hangs);
ZEPHYR_WASM_IMAGE_DECLARE(beats);
ZEPHYR_WASM_IMAGE_DECLARE(trap_unreachable);
ZEPHYR_WASM_IMAGE_DECLARE(out_of_memory);

#define ENOUGH K_SECONDS(10)

/* Whether the next app that asks for host APIs breaks its thread. */
static bool breaks;

/* Called by the Rust side as an app is loaded. */
void zephyr_wasm_add_apis(void *added)
{
	ARG_UNUSED(added);
	if (breaks) {
		breaks = false;
		*(volatile uint32_t *)0xfffffff0 = 1;
	}
}

static struct zephyr_wasm_app *begin(const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(image, &app), "%s", image->name);
	return app;
}

static void finish(struct zephyr_wasm_app *app, enum zephyr_wasm_end end)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status), "has not ended");
	zassert_equal(status.end, end, "end %d: %s", status.end, status.message);
	zassert_true(end != ZEPHYR_WASM_END_RETURNED || status.detail == 0, "%d", status.detail);
	zassert_equal(status.held, 0);
	zassert_ok(zephyr_wasm_release(app));
}

static void count(const struct k_thread *thread, void *threads)
{
	ARG_UNUSED(thread);
	(*(int *)threads)++;
}

static int threads(void)
{
	int threads = 0;

	k_thread_foreach(count, &threads);
	return threads;
}

ZTEST(cooperative, test_apps_wait_side_by_side)
{
	struct zephyr_wasm_app *apps[] = {
		begin(ZEPHYR_WASM_IMAGE(ticks)),
		begin(ZEPHYR_WASM_IMAGE(recurses)),
		begin(ZEPHYR_WASM_IMAGE(ticks)),
		begin(ZEPHYR_WASM_IMAGE(yields)),
	};
	int64_t began = k_uptime_get();
	int with_four = threads();

	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		finish(apps[i], ZEPHYR_WASM_END_RETURNED);
	}
	/* Each by itself takes 400 or, with ticks of 10 ms, 840 ms; one after the other, 1700. */
	zassert_true(k_uptime_get() - began < 1500, "%lld ms", k_uptime_get() - began);
	zassert_equal(threads(), with_four, "an app has a thread of its own");
}

ZTEST(cooperative, test_apps_talk)
{
	struct zephyr_wasm_app *asks = begin(ZEPHYR_WASM_IMAGE(asks));
	struct zephyr_wasm_app *answers = begin(ZEPHYR_WASM_IMAGE(answers));

	finish(answers, ZEPHYR_WASM_END_RETURNED);
	finish(asks, ZEPHYR_WASM_END_RETURNED);
}

/* Whatever ends the one whose turn it is, the others go on. */
static void check_end_of(const struct zephyr_wasm_image *image, bool kill, enum zephyr_wasm_end end)
{
	struct zephyr_wasm_app *ticks = begin(ZEPHYR_WASM_IMAGE(ticks));
	struct zephyr_wasm_app *recurses = begin(ZEPHYR_WASM_IMAGE(recurses));
	struct zephyr_wasm_app *app;

	k_sleep(K_MSEC(30));
	app = begin(image);
	k_sleep(K_MSEC(30));
	if (kill) {
		zassert_ok(zephyr_wasm_kill(app));
	}
	finish(app, end);
	finish(recurses, ZEPHYR_WASM_END_RETURNED);
	finish(ticks, ZEPHYR_WASM_END_RETURNED);
}

ZTEST(cooperative, test_one_that_spins_is_killed)
{
	check_end_of(ZEPHYR_WASM_IMAGE(spins), true, ZEPHYR_WASM_END_KILLED);
}

ZTEST(cooperative, test_one_that_waits_is_killed)
{
	check_end_of(ZEPHYR_WASM_IMAGE(ticks), true, ZEPHYR_WASM_END_KILLED);
}

ZTEST(cooperative, test_one_that_traps_is_alone)
{
	check_end_of(ZEPHYR_WASM_IMAGE(trap_unreachable), false, ZEPHYR_WASM_END_TRAPPED);
}

ZTEST(cooperative, test_one_that_is_out_of_memory_is_alone)
{
	check_end_of(ZEPHYR_WASM_IMAGE(out_of_memory), false, ZEPHYR_WASM_END_OUT_OF_MEMORY);
}

ZTEST(cooperative, test_one_that_faults_is_alone)
{
	struct zephyr_wasm_app *ticks = begin(ZEPHYR_WASM_IMAGE(ticks));
	struct zephyr_wasm_app *app;

	k_sleep(K_MSEC(30));
	breaks = true;
	app = begin(ZEPHYR_WASM_IMAGE(spins));
	finish(app, ZEPHYR_WASM_END_FAULTED);
	finish(ticks, ZEPHYR_WASM_END_RETURNED);
}

ZTEST(cooperative, test_one_that_waits_inside_of_a_host_call_ends)
{
	check_end_of(ZEPHYR_WASM_IMAGE(waits_inside), false, ZEPHYR_WASM_END_VIOLATED);
}

/* The one that hangs misses its heartbeat, and not the one that it keeps waiting. */
ZTEST(cooperative, test_the_one_that_hangs_is_ended)
{
	struct zephyr_wasm_app *beats = begin(ZEPHYR_WASM_IMAGE(beats));
	struct zephyr_wasm_app *hangs;

	k_sleep(K_MSEC(30));
	hangs = begin(ZEPHYR_WASM_IMAGE(hangs));
	finish(hangs, ZEPHYR_WASM_END_UNRESPONSIVE);
	finish(beats, ZEPHYR_WASM_END_RETURNED);
}

ZTEST_SUITE(cooperative, NULL, NULL, NULL, NULL, NULL);
