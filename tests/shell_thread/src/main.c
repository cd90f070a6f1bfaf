/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shell answers while an app computes without a pause, in whatever way that was begun. Its
 * thread has the priority that Kconfig's defaults give it; nothing of this test's configuration is
 * about priorities.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log_backend.h>
#include <zephyr/logging/log_ctrl.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

#include "terminal.h"

/* How long an answer may take, in milliseconds. */
#define SOON 1000

static void expect(int number, const char *text, int milliseconds)
{
	zassert_true(terminal_shows(number, text, milliseconds), "no \"%s\" in %d ms: %s", text,
		     milliseconds, terminal_output(number));
}

static void answers(int number, const char *line, const char *text)
{
	terminal_type(number, line);
	expect(number, text, SOON);
}

/* Fails unless an app is doing that, as the kernel's side knows it. */
static void is_in(const char *name, enum zephyr_wasm_state state)
{
	struct zephyr_wasm_app *app = zephyr_wasm_find(name);
	struct zephyr_wasm_status status;

	zassert_not_null(app, "%s is not loaded", name);
	zassert_ok(zephyr_wasm_status(app, &status));
	zassert_equal(status.state, state, "%s: state %d: %s", name, status.state, status.message);
}

/* The app spins: it is listed and killed from the shell, and so is whatever else has begun. */
static void is_listed_and_killed(int number, const char *name, const char *kill)
{
	k_msleep(200);
	is_in(name, ZEPHYR_WASM_STATE_RUNNING);
	answers(number, "wasm list\n", "running");
	zassert_not_null(strstr(terminal_output(number), name));
	is_in(name, ZEPHYR_WASM_STATE_RUNNING);
	terminal_type(number, kill);
	k_msleep(200);
	is_in(name, ZEPHYR_WASM_STATE_ENDED);
	answers(number, "wasm list\n", "killed");
}

static void free_all(void *fixture)
{
	static const char *const names[] = {"spins", "urgent", "dumped"};

	ARG_UNUSED(fixture);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct zephyr_wasm_app *app = zephyr_wasm_find(names[i]);

		if (app != NULL) {
			zassert_ok(zephyr_wasm_kill(app));
			zassert_ok(zephyr_wasm_wait(app, K_MSEC(SOON), NULL));
			zassert_ok(zephyr_wasm_release(app));
		}
	}
}

ZTEST(shell_thread, test_an_app_begun_by_start)
{
	terminal_type(0, "wasm start spins\n");
	is_listed_and_killed(0, "spins", "wasm kill spins\n");
}

ZTEST(shell_thread, test_an_app_whose_file_asks_for_the_most_urgent_priority)
{
	terminal_type(0, "wasm start urgent\n");
	is_listed_and_killed(0, "urgent", "wasm kill urgent\n");
}

#ifdef CONFIG_WASM_CALL
ZTEST(shell_thread, test_an_app_begun_by_call)
{
	terminal_type(0, "wasm call spins run\n");
	k_msleep(200);
	is_in("spins", ZEPHYR_WASM_STATE_RUNNING);
	/* From another terminal, as this one waits for the result. */
	answers(1, "wasm list\n", "running");
	terminal_type(1, "wasm kill spins\n");
	expect(0, "killed", SOON);
	/* The call gives its slot back. */
	answers(0, "wasm list\n", "not loaded");
}

ZTEST(shell_thread, test_a_call_that_is_not_answered_ends)
{
	terminal_type(0, "wasm call urgent run\nwasm list\n");
	expect(0, "no answer in 2 seconds", 2000 + SOON);
	/* What was typed meanwhile is next. */
	expect(0, "not loaded", SOON);
}
#endif

#ifdef CONFIG_WASM_COREDUMP
/* What is left of an app is more than the log holds, and nobody prints it. */
ZTEST(shell_thread, test_an_app_is_killed_whose_dump_nobody_prints)
{
	terminal_type(0, "wasm start dumped\n");
	k_msleep(200);
	is_in("dumped", ZEPHYR_WASM_STATE_RUNNING);
	terminal_type(0, "wasm start urgent\n");
	k_msleep(200);
	is_in("urgent", ZEPHYR_WASM_STATE_RUNNING);
	terminal_type(0, "wasm kill dumped\n");
	k_msleep(SOON);
	is_in("dumped", ZEPHYR_WASM_STATE_ENDED);
	answers(0, "wasm list\n", "killed");
}

/* A log that prints a line in some time: each of a dump is in time, and all of them take long. */
static void print_slowly(const struct log_backend *const backend, union log_msg_generic *message)
{
	ARG_UNUSED(backend);
	ARG_UNUSED(message);
	k_msleep(50);
}

static void panic(const struct log_backend *const backend)
{
	ARG_UNUSED(backend);
}

static const struct log_backend_api slow_api = {.process = print_slowly, .panic = panic};

LOG_BACKEND_DEFINE(slow_log, slow_api, false);

ZTEST(shell_thread, test_a_dump_has_an_end)
{
	ZEPHYR_WASM_IMAGE_DECLARE(tells);
	int64_t began = k_uptime_get();
	struct zephyr_wasm_app *app;

	log_backend_enable(&slow_log, NULL, LOG_LEVEL_DBG);
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(tells), &app));
	zassert_ok(zephyr_wasm_wait(app, K_MSEC(1000 * CONFIG_WASM_COREDUMP_SECONDS + SOON), NULL));
	zassert_true(k_uptime_get() - began >= 1000 * CONFIG_WASM_COREDUMP_SECONDS,
		     "this log is not slow");
	log_backend_disable(&slow_log);
	zassert_ok(zephyr_wasm_release(app));
}

/* A kill comes as an app itself tells what is left of it: all that it has begun to print is
 * printed, as nothing behind it would be. */
ZTEST(shell_thread, test_an_app_is_killed_as_it_tells_what_is_left)
{
	ZEPHYR_WASM_IMAGE_DECLARE(tells);
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;
	int killed = 0;

	for (int round = 0; round < 100; round++) {
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(tells), &app));
		do {
			k_msleep(1);
			zassert_ok(zephyr_wasm_status(app, &status));
		} while (status.state == ZEPHYR_WASM_STATE_STARTING);
		k_usleep(537 * round);
		(void)zephyr_wasm_kill(app);
		zassert_ok(zephyr_wasm_wait(app, K_MSEC(SOON), &status));
		killed += status.end == ZEPHYR_WASM_END_KILLED;
		zassert_ok(zephyr_wasm_release(app));
		for (int tries = 0; tries < SOON && log_data_pending(); tries++) {
			k_msleep(1);
		}
		zassert_false(log_data_pending(), "the log prints nothing more, %d", round);
	}
	TC_PRINT("%d killed\n", killed);
	zassert_true(killed > 10, "%d killed", killed);
}
#else
ZTEST(shell_thread, test_apps_begun_by_start_all)
{
	/* Both if the board has room for two: then one keeps the other from running. */
	int result = zephyr_wasm_start_all();

	zassert_equal(result, CONFIG_WASM_MAX_APPS >= 2 ? 2 : -ENOMEM, "%d", result);
	if (result == 2) {
		is_listed_and_killed(0, "urgent", "wasm kill urgent\n");
	}
	is_listed_and_killed(0, "spins", "wasm kill spins\n");
}
#endif

static void *begin(void)
{
	terminals_begin();
	return NULL;
}

ZTEST_SUITE(shell_thread, NULL, begin, NULL, free_all, NULL);
