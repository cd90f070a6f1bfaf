/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every type there and back on the board: a call of the guest's export as text, which calls the
 * host's import of the same name, whose result comes back as text.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(fails);
ZEPHYR_WASM_IMAGE_DECLARE(flat);
ZEPHYR_WASM_IMAGE_DECLARE(guest);
ZEPHYR_WASM_IMAGE_DECLARE(holds);
ZEPHYR_WASM_IMAGE_DECLARE(says);

/* Of host/src/cells.rs. */
size_t roundtrip_cells_open(void);

static char result[1024];

/* Calls a function, and returns how the app ended. */
static struct zephyr_wasm_status call_of(const struct zephyr_wasm_image *image,
					 const char *function, const char *arguments)
{
	const struct zephyr_wasm_call how = {
		.function = function,
		.arguments = arguments,
		.result = result,
		.result_size = sizeof(result),
	};
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_call(image, &how, &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(20), &status));
	/* It would write its result to what is another's by then. */
	zassert_equal(zephyr_wasm_restart(app, K_NO_WAIT), -EINVAL, "%s: made again", function);
	zassert_ok(zephyr_wasm_release(app));
	return status;
}

static struct zephyr_wasm_status call(const char *function, const char *arguments)
{
	return call_of(ZEPHYR_WASM_IMAGE(guest), function, arguments);
}

static void there_and_back(const char *function, const char *value)
{
	struct zephyr_wasm_status status = call(function, value);

	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s: %s", function, status.message);
	zassert_str_equal(result, value, "%s", function);
}

ZTEST(roundtrip, test_numbers)
{
	there_and_back("echo-bool", "true");
	there_and_back("echo-bool", "false");
	there_and_back("echo-u8", "255");
	there_and_back("echo-s8", "-128");
	there_and_back("echo-u16", "65535");
	there_and_back("echo-s16", "-32768");
	there_and_back("echo-u32", "4294967295");
	there_and_back("echo-s32", "-2147483648");
	there_and_back("echo-u64", "18446744073709551615");
	there_and_back("echo-s64", "-9223372036854775808");
	there_and_back("echo-f32", "-1.5");
	there_and_back("echo-f64", "0.1");
	there_and_back("echo-f64", "nan");
	there_and_back("echo-char", "'\xc3\xb6'");
	there_and_back("echo-later", "7");
}

ZTEST(roundtrip, test_lists)
{
	there_and_back("echo-string", "\"\"");
	there_and_back("echo-string", "\"gr\xc3\xbc\xc3\x9f \\\"dich\\\"\\n\"");
	there_and_back("echo-bytes", "[0, 255, 7]");
	there_and_back("echo-words", "[0, 65535]");
	there_and_back("echo-strings", "[\"a\", \"\", \"ccc\"]");
	there_and_back("echo-lists", "[[1, 2], [], [4294967295]]");
}

ZTEST(roundtrip, test_what_is_made_of_others)
{
	there_and_back("echo-color", "green");
	there_and_back("echo-permissions", "{read, execute}");
	there_and_back("echo-flags", "{b0, b31}");
	there_and_back("echo-point", "{x: -1, y: 2}");
	there_and_back("echo-shape", "nothing");
	there_and_back("echo-shape", "circle(2.5)");
	there_and_back("echo-shape", "area(18446744073709551615)");
	there_and_back("echo-shape", "label(\"here\")");
	there_and_back("echo-shape", "all([{x: 1, y: 2}, {x: 3, y: 4}])");
	there_and_back("echo-option", "none");
	there_and_back("echo-option", "some(\"x\")");
	there_and_back("echo-options", "some(none)");
	there_and_back("echo-result", "ok(5)");
	there_and_back("echo-result", "err(\"why\")");
	there_and_back("echo-bare", "err");
	there_and_back("echo-tuple", "(1, \"two\", -3)");
}

ZTEST(roundtrip, test_everything_at_once)
{
	there_and_back("echo-everything",
		       "{a-bool: true, a-u8: 1, an-s8: -2, a-u16: 3, an-s16: -4, a-u32: 5, an-s32: "
		       "-6, a-u64: 7, "
		       "an-s64: -8, an-f32: 0.5, an-f64: -0.25, a-char: 'x', a-string: \"text\", "
		       "bytes: [1, 2], "
		       "words: [3], strings: [\"a\"], points: [{x: 1, y: 2}], a-color: blue, "
		       "some-permissions: {}, "
		       "some-flags: {b7}, a-shape: at({x: 9, y: 8}), maybe: none, maybe-maybe: "
		       "some(some(4)), "
		       "outcome: err(\"no\"), bare: ok, a-tuple: (1, \"t\", 2)}");
}

ZTEST(roundtrip, test_functions_of_the_world)
{
	call("greet", NULL);
	zassert_str_equal(result, "\"hello, whoever you are\"");
	call("greet", "some(\"Ada\")");
	zassert_str_equal(result, "\"hello, Ada\"");
	call("double-twice", "5");
	zassert_str_equal(result, "20");
	call("echo-many",
	     "1, -2, 3, -4, 5, 6, 'z', \"ab\", green, 10, 11, 12, 13, 14, 15, 16, \"cd\"");
	zassert_str_equal(result, "\"1 -2 3 -4 5 6 1 10 11 12 13 14 15 16 zabcd\"");
}

static void flat(const char *function, const char *argument, const char *value)
{
	struct zephyr_wasm_status status = call_of(ZEPHYR_WASM_IMAGE(flat), function, argument);

	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s: %s", function, status.message);
	zassert_str_equal(result, value, "%s(%s)", function, argument);
}

ZTEST(roundtrip, test_results_of_one_value)
{
	flat("to-bool", "0", "false");
	flat("to-bool", "1", "true");
	flat("to-bool", "256", "true");
	flat("to-record", "256", "{on: true}");
	flat("to-u8", "258", "2");
	flat("to-s8", "255", "-1");
	flat("to-flags", "5", "{a, c}");
	flat("to-flags", "4294967290", "{b}");
	flat("to-enum", "1", "y");
	flat("to-result", "1", "err");
	for (int i = 0; i < 2; i++) {
		static const char *const none[] = {"2", "256"};
		struct zephyr_wasm_status status =
			call_of(ZEPHYR_WASM_IMAGE(flat), "to-enum", none[i]);

		zassert_equal(status.end, ZEPHYR_WASM_END_VIOLATED, "%s", status.message);
		zassert_not_null(strstr(status.message, "discriminant"), "%s", status.message);
	}
}

/* Runs an app whose `run` has a type of its own. */
static struct zephyr_wasm_status run(const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(image, &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(20), &status));
	zassert_ok(zephyr_wasm_release(app));
	return status;
}

ZTEST(roundtrip, test_run_is_called_by_its_type)
{
	struct zephyr_wasm_status status = run(ZEPHYR_WASM_IMAGE(says));

	zassert_str_equal(status.message, "returned \"hello\"");
	status = run(ZEPHYR_WASM_IMAGE(flat));
	zassert_str_equal(status.message, "returned true");
	status = run(ZEPHYR_WASM_IMAGE(fails));
	zassert_equal(status.detail, 1);
	zassert_str_equal(status.message, "returned error 1 err");
}

/* Reads one refusal. */
static void refused(const char *function, const char *arguments, enum zephyr_wasm_refusal why,
		    const char *message)
{
	struct zephyr_wasm_status status = call(function, arguments);

	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "%s", function);
	zassert_equal(status.detail, why, "%s: %s", function, status.message);
	zassert_not_null(strstr(status.message, message), "%s: %s", function, status.message);
}

ZTEST(roundtrip, test_bad_arguments_are_refused)
{
	refused("walk", NULL, ZEPHYR_WASM_REFUSED_NO_FUNCTION,
		"does not export `walk`; it exports `");
	refused("echo-u8", "256", ZEPHYR_WASM_REFUSED_ARGUMENTS, "argument 1: expected an integer");
	refused("echo-u8", "", ZEPHYR_WASM_REFUSED_ARGUMENTS, "at the end");
	refused("echo-u8", "1, 2", ZEPHYR_WASM_REFUSED_ARGUMENTS, "no more arguments");
	refused("echo-string", "\"open", ZEPHYR_WASM_REFUSED_ARGUMENTS, "string in double quotes");
	refused("echo-color", "pink", ZEPHYR_WASM_REFUSED_ARGUMENTS, "name of a case");
	refused("echo-point", "{x: 1}", ZEPHYR_WASM_REFUSED_ARGUMENTS, "all fields");
	refused("echo-char", "''", ZEPHYR_WASM_REFUSED_ARGUMENTS, "character in single quotes");
	refused("cells", "[\"a\"]", ZEPHYR_WASM_REFUSED_SIGNATURE, "passes resources");
}

/* What a killed app holds is closed on a thread that is no app's. The host API has a kill wait as
 * it does that, which must not reach for the mark of the app that such a thread would be. */
ZTEST(roundtrip, test_a_kill_gives_back_what_is_held)
{
	for (int i = 0; i < 3; i++) {
		struct zephyr_wasm_status status;
		struct zephyr_wasm_app *app;

		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(holds), &app));
		zassert_true(WAIT_FOR(roundtrip_cells_open() == 3, 5 * USEC_PER_SEC, k_msleep(1)));
		zassert_ok(zephyr_wasm_kill(app));
		zassert_ok(zephyr_wasm_wait(app, K_SECONDS(5), &status));
		zassert_equal(status.end, ZEPHYR_WASM_END_KILLED, "%s", status.message);
		zassert_ok(zephyr_wasm_release(app));
		zassert_equal(roundtrip_cells_open(), 0, "a resource outlives its app");
	}
}

ZTEST_SUITE(roundtrip, NULL, NULL, NULL, NULL, NULL);
