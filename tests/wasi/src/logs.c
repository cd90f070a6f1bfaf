/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What programs have the firmware log.
 */

#include <string.h>

#include <zephyr/logging/log_backend.h>
#include <zephyr/sys/cbprintf.h>

#include "common.h"

/* Of the lines that have been logged: those of what is looked for, and bytes that are commands. */
static struct {
	int lines;
	int commands;
	/* Of Zephyr's file systems. */
	int failures;
	/* Of a program that says much. */
	int said;
} seen;

static char line[256];
static size_t used;

static int take(int c, void *context)
{
	ARG_UNUSED(context);
	line[used] = (char)c;
	used += used < sizeof(line) - 1;
	return c;
}

static void process(const struct log_backend *const backend, union log_msg_generic *message)
{
	size_t size;
	uint8_t *package = log_msg_get_package(&message->log, &size);

	ARG_UNUSED(backend);
	used = 0;
	(void)cbpprintf(take, NULL, package);
	line[used] = '\0';
	seen.failures += strstr(line, "failed to create directory") != NULL;
	seen.said += strstr(line, "talker: line ") != NULL;
	if (strstr(line, "cannot be opened") != NULL) {
		seen.lines++;
		seen.commands += strchr(line, '\033') != NULL;
	}
}

static void panic(const struct log_backend *const backend)
{
	ARG_UNUSED(backend);
}

static const struct log_backend_api api = {.process = process, .panic = panic};

LOG_BACKEND_DEFINE(looking, api, true);

ZTEST(streams, test_a_stream_that_cannot_be_opened_is_told_once)
{
	ZEPHYR_WASM_IMAGE_DECLARE(flood);
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	memset(&seen, 0, sizeof(seen));
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(flood), &app));
	status = finish(app);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	k_msleep(2000);
	zassert_equal(seen.lines, 1, "%d", seen.lines);
	zassert_equal(seen.commands, 0);
}

/* A program may do it again and again, and each would be a line of the log. */
ZTEST(files, test_what_fails_of_files_is_the_program_s_to_tell)
{
	memset(&seen, 0, sizeof(seen));
	EXPECT(0, "mkdir", "/again");
	EXPECT(WASI_EXIST, "mkdir", "/again");
	k_msleep(2000);
	zassert_equal(seen.failures, 0, "%d", seen.failures);
}

ZTEST(streams, test_lines_of_a_program_are_counted)
{
	ZEPHYR_WASM_IMAGE_DECLARE(talker);
	struct zephyr_wasm_app *app;
	int64_t begun = k_uptime_get();
	int seconds;

	memset(&seen, 0, sizeof(seen));
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(talker), &app));
	zassert_equal(finish(app).end, ZEPHYR_WASM_END_RETURNED);
	seconds = (k_uptime_get() - begun) / MSEC_PER_SEC + 2;
	k_msleep(2000);
	zassert_true(seen.said > 0 && seen.said <= seconds * CONFIG_WASM_LOG_LINES_PER_SECOND, "%d",
		     seen.said);
}
