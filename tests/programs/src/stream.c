/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include "stream.h"

#define OUTPUT_SIZE 2048

char output[OUTPUT_SIZE];

static size_t written;
static const char *left;

static ssize_t text_read(void *context, void *bytes, size_t size, k_timeout_t timeout)
{
	ARG_UNUSED(context);
	ARG_UNUSED(timeout);
	size = MIN(size, strlen(left));
	memcpy(bytes, left, size);
	left += size;
	return size;
}

static ssize_t text_write(void *context, const void *bytes, size_t size)
{
	ARG_UNUSED(context);
	size = MIN(size, OUTPUT_SIZE - 1 - written);
	memcpy(&output[written], bytes, size);
	written += size;
	output[written] = '\0';
	return size == 0 ? -ENOSPC : (ssize_t)size;
}

static const struct zephyr_wasm_stream_api text_api = {.read = text_read, .write = text_write};

struct zephyr_wasm_status run(const struct zephyr_wasm_image *image, const char *input,
			      const char *const *args, size_t count)
{
	static const char *const dirs[] = {"/=" CARD};
	static struct zephyr_wasm_status status;
	const struct zephyr_wasm_command command = {
		.args = args,
		.arg_count = count,
		.dirs = dirs,
		.dir_count = ARRAY_SIZE(dirs),
		.streams = {{.api = &text_api}, {.api = &text_api}, {.api = &text_api}},
	};
	struct zephyr_wasm_app *app;

	left = input;
	written = 0;
	output[0] = '\0';
	zassert_ok(zephyr_wasm_run(image, &command, &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(120), &status));
	zassert_ok(zephyr_wasm_release(app));
	return status;
}
