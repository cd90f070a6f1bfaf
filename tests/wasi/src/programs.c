/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Programs in files, and what is none.
 */

#include <string.h>

#include "common.h"

static struct zephyr_wasm_status run_file(const char *path, size_t memory)
{
	static const char *const args[] = {"file", "exit", "7"};
	static struct zephyr_wasm_command command;
	static struct zephyr_wasm_image image;
	struct zephyr_wasm_app *app;

	command = (struct zephyr_wasm_command){
		.args = args,
		.arg_count = ARRAY_SIZE(args),
		.memory = memory,
	};
	image = (struct zephyr_wasm_image){
		.name = "file",
		.path = path,
		.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
	};
	zassert_ok(zephyr_wasm_run(&image, &command, &app));
	return finish(app);
}

static void expect_refusal(const char *path, int why)
{
	struct zephyr_wasm_status status = run_file(path, 0);

	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED, "%s: %s", path, status.message);
	zassert_equal(status.detail, why, "%s: %d: %s", path, status.detail, status.message);
	zassert_true(strlen(status.message) > 10);
}

ZTEST(programs, test_a_file_runs)
{
	const struct zephyr_wasm_image *image = ZEPHYR_WASM_IMAGE(trial);
	struct zephyr_wasm_status status;

	card_write(CARD "/trial", image->wasm, image->size);
	status = run_file(CARD "/trial", 0);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(status.detail, 7);
	status = run_file(CARD "/trial", 1000);
	zassert_equal(status.detail, ZEPHYR_WASM_REFUSED_MEMORY, "%s", status.message);
}

/* What a program takes that waits for its input: while it is loaded, and from then on. */
static struct zephyr_wasm_status waiting(const struct zephyr_wasm_image *image)
{
	static const char *const args[] = {"file", "copy"};
	struct zephyr_wasm_command command = {.args = args, .arg_count = ARRAY_SIZE(args)};
	struct zephyr_wasm_status status;
	struct zephyr_wasm_stream out;
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_stream_pipe(NULL, &command.streams[0], &out));
	zassert_ok(zephyr_wasm_run(image, &command, &app));
	k_msleep(500);
	zassert_ok(zephyr_wasm_status(app, &status));
	zephyr_wasm_stream_close(&out);
	zassert_equal(finish(app).detail, 0);
	return status;
}

static void measure(const char *what, const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_status status = waiting(image);

	TC_PRINT("%s: %zu bytes of program, %zu bytes of memory, %zu at most, %zu of them linear, "
		 "%zu of stack\n",
		 what, ZEPHYR_WASM_IMAGE(trial)->size, status.heap_used, status.heap_peak,
		 status.linear_memory, status.stack_peak);
}

ZTEST(programs, test_memory)
{
	const struct zephyr_wasm_image *image = ZEPHYR_WASM_IMAGE(trial);
	const struct zephyr_wasm_image file = {
		.name = "file",
		.path = CARD "/trial",
		.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
	};

	card_write(CARD "/trial", image->wasm, image->size);
	measure("from a file", &file);
	measure("from flash", image);
}

#define FUNCTIONS 16000

/* A number in three bytes, as WebAssembly has them. */
#define NUMBER(number)                                                                             \
	((number) & 0x7f) | 0x80, (((number) >> 7) & 0x7f) | 0x80, ((number) >> 14) & 0x7f

/* Writes a module of so many functions that the engine has no memory for them: how long it is. */
static size_t make_large(uint8_t *module)
{
	static const uint8_t types[] = {'\0', 'a', 's', 'm',  1, 0, 0, 0, /* the header */
					1,    4,   1,   0x60, 0, 0};
	static const uint8_t functions[] = {3, NUMBER(3 + FUNCTIONS), NUMBER(FUNCTIONS)};
	static const uint8_t code[] = {10, NUMBER(3 + 3 * FUNCTIONS), NUMBER(FUNCTIONS)};
	static const uint8_t body[] = {2, 0, 0x0b};
	uint8_t *at = module;

	memcpy(at, types, sizeof(types));
	at += sizeof(types);
	memcpy(at, functions, sizeof(functions));
	at += sizeof(functions);
	memset(at, 0, FUNCTIONS);
	at += FUNCTIONS;
	memcpy(at, code, sizeof(code));
	at += sizeof(code);
	for (size_t i = 0; i < FUNCTIONS; i++) {
		memcpy(at, body, sizeof(body));
		at += sizeof(body);
	}
	return at - module;
}

/* A file that was read for a program which has ended before it was loaded is nothing to the next
 * app on its slot. */
ZTEST(programs, test_a_file_that_the_engine_has_no_memory_for)
{
	static uint8_t module[64 + 4 * FUNCTIONS];
	size_t used = waiting(ZEPHYR_WASM_IMAGE(trial)).heap_used;
	struct zephyr_wasm_status status;

	card_write(CARD "/large", module, make_large(module));
	status = run_file(CARD "/large", 0);
	zassert_equal(status.end, ZEPHYR_WASM_END_OUT_OF_MEMORY, "%s", status.message);
	zassert_equal(waiting(ZEPHYR_WASM_IMAGE(trial)).heap_used, used, "something was freed");
}

ZTEST(programs, test_what_is_no_program)
{
	const struct zephyr_wasm_image *image = ZEPHYR_WASM_IMAGE(trial);

	card_write(CARD "/empty", "", 0);
	card_write(CARD "/text", "#!/bin/sh\necho no\n", 18);
	card_write(CARD "/half", image->wasm, image->size / 2);
	expect_refusal(CARD, ZEPHYR_WASM_REFUSED_FILE);
	expect_refusal(CARD "/none", ZEPHYR_WASM_REFUSED_FILE);
	expect_refusal("none", ZEPHYR_WASM_REFUSED_FILE);
	expect_refusal(CARD "/empty", ZEPHYR_WASM_REFUSED_TRUNCATED);
	expect_refusal(CARD "/text", ZEPHYR_WASM_REFUSED_NOT_WASM);
	expect_refusal(CARD "/half", ZEPHYR_WASM_REFUSED_TRUNCATED);
	/* The card is pulled out while the program is read. */
	failing_begin(3);
	expect_refusal("/bad/program", ZEPHYR_WASM_REFUSED_FILE);
}

ZTEST(programs, test_a_heap_of_its_own)
{
	EXPECT(0, "churn");
	EXPECT(99, "nothing");
	EXPECT(3, "exit", "3");
}
