/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include "common.h"

struct zephyr_wasm_status finish(struct zephyr_wasm_app *app)
{
	static struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(180), &status));
	zassert_equal(status.held, 0, "it has left %zu open", status.held);
	zassert_ok(zephyr_wasm_release(app));
	return status;
}

struct zephyr_wasm_status try(const char *const *args, size_t count,
			      const struct zephyr_wasm_stream *streams)
{
	static const char *const dirs[] = {"/=" CARD, "/bad"};
	static const char *const read_only[] = {"/read-only=" CARD};
	static struct zephyr_wasm_command command;
	struct zephyr_wasm_app *app;

	command = (struct zephyr_wasm_command){
		.args = args,
		.arg_count = count,
		.dirs = dirs,
		.dir_count = ARRAY_SIZE(dirs),
		.read_only = read_only,
		.read_only_count = ARRAY_SIZE(read_only),
	};
	if (streams != NULL) {
		memcpy(command.streams, streams, sizeof(command.streams));
	}
	zassert_ok(zephyr_wasm_run(ZEPHYR_WASM_IMAGE(trial), &command, &app));
	return finish(app);
}

static void before(void *unused)
{
	ARG_UNUSED(unused);
	card_begin();
	failing_begin(0);
}

static void *before_all(void)
{
	privileged_begin();
	return NULL;
}

static void after_all(void *unused)
{
	ARG_UNUSED(unused);
	privileged_end();
}

ZTEST_SUITE(files, NULL, before_all, before, NULL, after_all);
ZTEST_SUITE(streams, NULL, before_all, before, NULL, after_all);
#ifdef CONFIG_WASM_COMPILED_STORE
ZTEST_SUITE(code, NULL, NULL, before, NULL, NULL);
#endif
#if defined(CONFIG_WASM_WASI_PROGRAM_FILES) && !defined(CONFIG_WASM_COMPILED)
ZTEST_SUITE(programs, NULL, NULL, before, NULL, NULL);
#endif
