/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What apps pass to functions of a header, from one edge of their memory to the other: the function
 * sees it as it is, or the app ends before.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

#include "seen.h"

ZEPHYR_WASM_IMAGE_DECLARE(prober);
ZEPHYR_WASM_IMAGE_DECLARE(stranger);
ZEPHYR_WASM_IMAGE_DECLARE(absent);

/* Of prober.wat: its memory, where there are no zeroes, and a text. */
#define SIZE     64
#define ONES     32
#define TEXT     8
#define LENGTH   3
#define TEXT_SUM ('a' + 'b' + 'c')

enum function {
	READ,
	WRITE,
	COPY,
	SWAP,
	PLAIN_TEXT,
	APPEND,
	NUMBERS,
	LINGER,
	WAIT,
};

static struct zephyr_wasm_status status;

static struct zephyr_wasm_app *start(enum function function, uint32_t a, uint32_t b, uint32_t c)
{
	struct zephyr_wasm_app *app;

	memset(&seen, 0, sizeof(seen));
	values[0] = function;
	values[1] = a;
	values[2] = b;
	values[3] = c;
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(prober), &app));
	return app;
}

static void run(enum function function, uint32_t a, uint32_t b, uint32_t c)
{
	struct zephyr_wasm_app *app = start(function, a, b, c);

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(20), &status));
	zassert_ok(zephyr_wasm_release(app));
}

static void is_passed(int32_t result, enum function function, uint32_t a, uint32_t b, uint32_t c)
{
	run(function, a, b, c);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%d(%u, %u, %u): %s", function, a, b, c,
		      status.message);
	zassert_equal(status.detail, result, "%d(%u, %u, %u): %d", function, a, b, c,
		      status.detail);
	zassert_equal(seen.calls, 1);
}

static void is_refused(const char *why, enum function function, uint32_t a, uint32_t b, uint32_t c)
{
	run(function, a, b, c);
	zassert_equal(status.end, ZEPHYR_WASM_END_VIOLATED, "%d(%u, %u, %u): end %d: %s", function,
		      a, b, c, status.end, status.message);
	zassert_not_null(strstr(status.message, why), "%s", status.message);
	zassert_equal(seen.calls, 0, "%d(%u, %u, %u) came through", function, a, b, c);
}

#define OUTSIDE "a pointer outside its memory"
#define OVERLAP "a buffer to write that overlaps another"

/* Where pieces of memory begin and how long they are that reach beyond the app's. */
static const struct {
	uint32_t pointer;
	uint32_t length;
} outside[] = {
	{0, SIZE + 1},
	{1, SIZE},
	{SIZE - 1, 2},
	{SIZE, 1},
	{SIZE + 1, 0},
	{SIZE + 1, 1},
	{INT32_MAX, 1},
	{INT32_MAX, INT32_MAX},
	/* Negative, or more than there can be. */
	{0x80000000, 0},
	{0x80000000, 0x80000000},
	{UINT32_MAX, 0},
	{UINT32_MAX, 1},
	{0, UINT32_MAX},
	{0, 0x80000000},
	{1, INT32_MAX},
	/* Their sums do not fit 32 bits. */
	{1, UINT32_MAX},
	{UINT32_MAX, 2},
	{UINT32_MAX - 7, 16},
	{SIZE, 0u - SIZE},
	{SIZE, 0u - SIZE + 1},
};

ZTEST(core_api, test_bytes_are_the_apps_own)
{
	for (enum function function = READ; function <= WRITE; function++) {
		/* What is written is one more, each. */
		const int32_t more = function == WRITE ? 1 : 0;

		is_passed(0, function, 0, 0, 0);
		is_passed(1 + more, function, 0, 1, 0);
		is_passed(TEXT_SUM + LENGTH * more, function, TEXT, LENGTH, 0);
		is_passed(1 + more, function, SIZE - 1, 1, 0);
		is_passed(0, function, SIZE - 1, 0, 0);
		is_passed(0, function, SIZE, 0, 0);
		is_passed(ONES * (1 + more), function, ONES, SIZE - ONES, 0);
		is_passed(SIZE - 5 + TEXT_SUM + SIZE * more, function, 0, SIZE, 0);
		for (size_t i = 0; i < ARRAY_SIZE(outside); i++) {
			is_refused(OUTSIDE, function, outside[i].pointer, outside[i].length, 0);
		}
	}
}

ZTEST(core_api, test_what_is_written_overlaps_nothing)
{
	for (enum function function = COPY; function <= SWAP; function++) {
		is_passed(8, function, ONES, 8, ONES + 8);
		is_passed(8, function, ONES + 8, 8, ONES);
		is_passed(8, function, ONES, 8, 0);
		is_passed(0, function, ONES, 0, ONES);
		is_passed(0, function, SIZE, 0, SIZE);
		is_refused(OVERLAP, function, ONES, 1, ONES);
		is_refused(OVERLAP, function, ONES, 8, ONES + 7);
		is_refused(OVERLAP, function, ONES + 7, 8, ONES);
		is_refused(OVERLAP, function, 0, SIZE, 0);
		for (size_t i = 0; i < ARRAY_SIZE(outside); i++) {
			is_refused(OUTSIDE, function, outside[i].pointer, outside[i].length, 0);
			is_refused(OUTSIDE, function, 0, outside[i].length, outside[i].pointer);
		}
	}
	is_passed(LENGTH, APPEND, TEXT, 4, 0);
	is_passed(LENGTH, APPEND, TEXT, 4, TEXT + LENGTH + 1);
	/* The zero is of the text. */
	is_refused(OVERLAP, APPEND, TEXT, 4, TEXT + LENGTH);
	is_refused(OVERLAP, APPEND, TEXT, 4, TEXT - 3);
}

ZTEST(core_api, test_a_text_ends_within_the_memory)
{
	is_passed(LENGTH, PLAIN_TEXT, TEXT, 0, 0);
	is_passed(1, PLAIN_TEXT, TEXT + LENGTH - 1, 0, 0);
	is_passed(0, PLAIN_TEXT, TEXT + LENGTH, 0, 0);
	is_passed(TEXT + LENGTH, PLAIN_TEXT, 0, 0, 0);
	is_passed(0, PLAIN_TEXT, ONES - 1, 0, 0);
	is_refused(OUTSIDE, PLAIN_TEXT, ONES, 0, 0);
	is_refused(OUTSIDE, PLAIN_TEXT, SIZE - 1, 0, 0);
	is_refused(OUTSIDE, PLAIN_TEXT, SIZE, 0, 0);
	is_refused(OUTSIDE, PLAIN_TEXT, SIZE + 1, 0, 0);
	is_refused(OUTSIDE, PLAIN_TEXT, INT32_MAX, 0, 0);
	is_refused(OUTSIDE, PLAIN_TEXT, 0x80000000, 0, 0);
	is_refused(OUTSIDE, PLAIN_TEXT, UINT32_MAX, 0, 0);
}

ZTEST(core_api, test_numbers_are_what_they_are)
{
	is_passed(1, NUMBERS, 0, 0, 0);
	zassert_true(seen.is_right);
}

static void wait_until_it_waits(void)
{
	for (int i = 0; i < 1000 && !seen.is_waiting; i++) {
		k_sleep(K_MSEC(1));
	}
	zassert_true(seen.is_waiting);
}

ZTEST(core_api, test_a_kill_waits_for_a_call)
{
	struct zephyr_wasm_app *app = start(LINGER, 0, 0, 0);

	wait_until_it_waits();
	zassert_true(seen.is_held);
	zassert_ok(zephyr_wasm_kill(app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(20), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_KILLED, "%s", status.message);
	zassert_false(seen.is_held, "something is left behind");
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST(core_api, test_a_kill_comes_while_a_call_waits)
{
	struct zephyr_wasm_app *app = start(WAIT, 0, 0, 0);

	wait_until_it_waits();
	zassert_ok(zephyr_wasm_kill(app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(20), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_KILLED, "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST(core_api, test_calls_are_counted)
{
	struct zephyr_wasm_app *app = start(NUMBERS, 0, 0, 0);
	struct zephyr_wasm_calls calls;
	uint32_t probe = 0;
	uint32_t other = 0;

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(20), &status));
	for (size_t i = 0; zephyr_wasm_calls(app, i, &calls) == 0; i++) {
		probe += strcmp(calls.api, "probe") == 0 ? calls.count : 0;
		other += strcmp(calls.api, "other") == 0 ? calls.count : 0;
	}
	/* Which one, and the four. */
	zassert_equal(probe, 5, "%u", probe);
	zassert_equal(other, 1, "%u", other);
	zassert_ok(zephyr_wasm_release(app));
}

static void is_not_started(const struct zephyr_wasm_image *image, const char *why)
{
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(image, &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(20), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED);
	zassert_not_null(strstr(status.message, why), "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST(core_api, test_what_is_not_granted_or_not_there)
{
	is_not_started(ZEPHYR_WASM_IMAGE(stranger), "`probe-1.0`, which its manifest does not");
	is_not_started(ZEPHYR_WASM_IMAGE(absent), "`sleep`, which `probe-1.0` does not have");
}

ZTEST_SUITE(core_api, NULL, NULL, NULL, NULL, NULL);
