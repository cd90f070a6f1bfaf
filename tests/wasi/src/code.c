/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Programs in files that bring machine code along.
 */

#include <string.h>

#include "common.h"

static const uint8_t with_code[] = {
#include "with_code.inc"
};
static const uint8_t by_another[] = {
#include "by_another.inc"
};

/* Runs a program that waits for its input, and ends with its copy: its status while it waits. */
static struct zephyr_wasm_status waiting(const void *bytes, size_t size)
{
	static const char *const args[] = {"file", "copy"};
	static const struct zephyr_wasm_image image = {
		.name = "file",
		.path = CARD "/program",
		.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
	};
	struct zephyr_wasm_command command = {.args = args, .arg_count = ARRAY_SIZE(args)};
	struct zephyr_wasm_status status;
	struct zephyr_wasm_status end;
	struct zephyr_wasm_stream out;
	struct zephyr_wasm_app *app;

	card_write(CARD "/program", bytes, size);
	zassert_ok(zephyr_wasm_stream_pipe(NULL, &command.streams[0], &out));
	zassert_ok(zephyr_wasm_run(&image, &command, &app));
	do {
		/* Its signature is checked before. */
		k_msleep(100);
		zassert_ok(zephyr_wasm_status(app, &status));
	} while (status.state == ZEPHYR_WASM_STATE_STARTING);
	k_msleep(100);
	zassert_ok(zephyr_wasm_status(app, &status));
	zephyr_wasm_stream_close(&out);
	end = finish(app);
	zassert_equal(end.end, ZEPHYR_WASM_END_RETURNED, "%s", end.message);
	zassert_equal(end.detail, 0);
	return status;
}

ZTEST(code, test_a_file_runs_as_machine_code)
{
	struct zephyr_wasm_status compiled = waiting(with_code, sizeof(with_code));
	struct zephyr_wasm_status interpreted = waiting(by_another, sizeof(by_another));

	zassert_true(compiled.compiled);
	/* Its key may not sign machine code. */
	zassert_false(interpreted.compiled);
	/* Its memory grows, so that room for that is reserved. */
	TC_PRINT("a file of %zu bytes takes %zu bytes with what is reserved, and %zu if it is "
		 "interpreted\n",
		 sizeof(with_code), compiled.heap_used, interpreted.heap_used);
}

/* What was changed behind its signature does not run at all. */
ZTEST(code, test_a_file_that_was_changed)
{
	static uint8_t changed[sizeof(with_code)];
	static const char *const args[] = {"file", "exit", "7"};
	static const struct zephyr_wasm_command command = {
		.args = args,
		.arg_count = ARRAY_SIZE(args),
	};
	static const struct zephyr_wasm_image image = {
		.name = "file",
		.path = CARD "/changed",
		.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
	};
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	memcpy(changed, with_code, sizeof(changed));
	changed[sizeof(changed) - 100] ^= 1;
	card_write(CARD "/changed", changed, sizeof(changed));
	zassert_ok(zephyr_wasm_run(&image, &command, &app));
	status = finish(app);
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "%s", status.message);
	zassert_equal(status.detail, ZEPHYR_WASM_REFUSED_BAD_SIGNATURE, "%s", status.message);
}
