/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two races, each run again and again with another distance of its threads: an urgent one looks for
 * apps, or ends them, as another one is in the middle of starting them.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include "storm.h"

#define ROUNDS 500

ZEPHYR_WASM_IMAGE_DECLARE(returns);
ZEPHYR_WASM_IMAGE_DECLARE(spins);

static K_THREAD_STACK_DEFINE(stack, 4096);
static struct k_thread urgent;
static K_SEM_DEFINE(go, 0, 1);
static volatile bool is_over;
/* What the urgent thread has seen. */
static uint32_t looks, ends;

static void find(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	while (!is_over) {
		k_sleep(K_TICKS(1));
		(void)zephyr_wasm_find("nobody");
		for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
			zassert_not_null(app->image, "an app is listed that has no image");
			looks++;
		}
	}
}

/* Nothing of an app may run whose slot is free. */
static void is_dead(struct zephyr_wasm_app *app)
{
	for (int i = 0; i < 5; i++) {
		char text[32];
		const char *state;

		k_sleep(K_TICKS(1));
		state = k_thread_state_str(&app->thread, text, sizeof(text));
		zassert_true(app->loaded || app->preparing || strstr(state, "dead") != NULL,
			     "the slot is free, and its thread is %s", state);
	}
}

static void end(void *unused1, void *unused2, void *unused3)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	while (!is_over) {
		struct zephyr_wasm_app *app;

		(void)k_sem_take(&go, K_TICKS(10));
		k_sleep(K_TICKS(1));
		app = zephyr_wasm_next(NULL);
		if (app != NULL && zephyr_wasm_kill(app) == 0 &&
		    zephyr_wasm_wait(app, K_MSEC(100), NULL) == 0 &&
		    zephyr_wasm_release(app) == 0) {
			ends++;
			is_dead(app);
		}
	}
}

static void begin(k_thread_entry_t entry)
{
	is_over = false;
	k_thread_create(&urgent, stack, K_THREAD_STACK_SIZEOF(stack), entry, NULL, NULL, NULL, 2, 0,
			K_NO_WAIT);
}

static void finish(void)
{
	is_over = true;
	zassert_ok(k_thread_join(&urgent, K_SECONDS(10)));
	zassert_is_null(zephyr_wasm_next(NULL), "a slot is not free");
}

/* The test's own thread is the less urgent one here. */
static void step_back(void)
{
	k_thread_priority_set(k_current_get(), 7);
}

ZTEST(races, test_what_is_listed_is_an_app)
{
	step_back();
	begin(find);
	for (int i = 0; i < ROUNDS; i++) {
		struct zephyr_wasm_app *app;

		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(returns), &app));
		/* Where time is simulated, nothing else of this takes any. */
		k_busy_wait(10 * (i % 20));
		zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), NULL));
		zassert_ok(zephyr_wasm_release(app));
	}
	finish();
	zassert_true(looks > 0);
}

ZTEST(races, test_an_app_is_ended_as_it_is_started)
{
	step_back();
	begin(end);
	for (int i = 0; i < ROUNDS; i++) {
		struct zephyr_wasm_app *app;

		k_sleep(K_TICKS(1));
		k_sem_give(&go);
		/* Some of the tick is over: a distance that sweeps over the start. */
		for (volatile int wait = 0; wait < 20 * (i % 100); wait++) {
		}
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(spins), &app));
		k_sleep(K_MSEC(5));
		/* If the other thread has come before it was listed. */
		(void)zephyr_wasm_kill(app);
		(void)zephyr_wasm_wait(app, K_SECONDS(10), NULL);
		(void)zephyr_wasm_release(app);
	}
	finish();
	zassert_true(ends > 0);
}

ZTEST_SUITE(races, NULL, NULL, NULL, NULL, NULL);
