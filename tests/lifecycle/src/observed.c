/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What observers are told of an app's life, and in which order.
 */

#include <string.h>

#include <zephyr/kernel.h>

#include "common.h"
#include "core/app.h"
#include "core/observer.h"

ZEPHYR_WASM_IMAGE_DECLARE(sleeps);
ZEPHYR_WASM_IMAGE_DECLARE(crashes);

/* A letter for each event, and for what observers are asked. */
static char seen[64];

/* How many bytes of what is left of an app are its last thread's stack, too. */
static size_t covered;

static void note(char what)
{
	size_t used = strlen(seen);

	if (used < sizeof(seen) - 1) {
		seen[used] = what;
	}
}

static void look(const struct zephyr_wasm_app *app)
{
#ifdef CONFIG_THREAD_STACK_INFO
	const struct _thread_stack_info *stack = &k_current_get()->stack_info;
	size_t held = (uintptr_t)app->host - stack->start;

	covered = held < stack->size ? stack->size - held : 0;
#else
	ARG_UNUSED(app);
#endif
}

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	static const char letters[] = {
		[ZEPHYR_WASM_EVENT_TAKEN] = 't',     [ZEPHYR_WASM_EVENT_CLAIMED] = 'c',
		[ZEPHYR_WASM_EVENT_ENTERED] = 'e',   [ZEPHYR_WASM_EVENT_LAUNCHED] = 'l',
		[ZEPHYR_WASM_EVENT_PUBLISHED] = 'p', [ZEPHYR_WASM_EVENT_LOADED] = 'm',
		[ZEPHYR_WASM_EVENT_RESUMED] = 'r',   [ZEPHYR_WASM_EVENT_LEFT] = 'k',
		[ZEPHYR_WASM_EVENT_ABORTED] = 'd',   [ZEPHYR_WASM_EVENT_CLOSED] = 'o',
		[ZEPHYR_WASM_EVENT_DESCRIBED] = 'w', [ZEPHYR_WASM_EVENT_ENDED] = 'x',
	};

	if (event == ZEPHYR_WASM_EVENT_ABORTED) {
		look(app);
	}
	note(letters[event]);
}

static bool keeps(struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	note('?');
	return false;
}

/* Before the supervisor, of whose word nobody behind it hears. */
ZEPHYR_WASM_OBSERVER_DEFINE(20, test) = {.on = on, .keeps = keeps};

ZTEST(observed, test_an_app_that_is_killed)
{
	struct zephyr_wasm_app *app;

	memset(seen, 0, sizeof(seen));
	app = begin(ZEPHYR_WASM_IMAGE(sleeps));
	zassert_ok(zephyr_wasm_pause(app));
	zassert_ok(zephyr_wasm_resume(app));
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, ZEPHYR_WASM_END_KILLED);
	zassert_str_equal(seen, "telpmrkdowx?");
	zassert_equal(covered, 0, "its end writes over %zu bytes of it", covered);
}

/* The supervisor's starts are not somebody's: nobody enters it again. */
ZTEST(observed, test_an_app_that_is_started_again)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	memset(seen, 0, sizeof(seen));
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(crashes), &app));
	/* It waits for 100 ms, and then for 200. */
	k_sleep(K_MSEC(200));
	zassert_ok(zephyr_wasm_status(app, &status));
	zassert_equal(status.restarts, 1, "%u restarts", status.restarts);
	zassert_ok(zephyr_wasm_kill(app));
	finish(app, ZEPHYR_WASM_END_TRAPPED);
	/* Its message is the engine's, to which nothing is added. */
	zassert_str_equal(seen, "telpmdox?clpmdox?k");
}

ZTEST_SUITE(observed, NULL, NULL, NULL, NULL, NULL);
