/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * WASI programs: what they are started with, and their standard streams.
 */

/* For struct timespec. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <string.h>
#include <time.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/clock.h>

#include <zephyr_wasm/command.h>

#include "api/clocks/clocks.h"
#include "core/app.h"
#include "core/images.h"
#include "core/module.h"
#include "core/observer.h"
#include "core/slots.h"
#include "core/text.h"
#include "core/thread.h"
#include "core/timing.h"
#include "core/wall.h"
#include "wasi.h"
#include "zephyr_wasm_declared.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* Checked here, because in Kconfig, it would be a loop of dependencies. */
BUILD_ASSERT(IS_ENABLED(CONFIG_ENTROPY_HAS_DRIVER) || IS_ENABLED(CONFIG_TEST_RANDOM_GENERATOR),
	     "CONFIG_WASM_WASI needs random numbers: CONFIG_ENTROPY_GENERATOR=y, or for tests "
	     "CONFIG_TEST_RANDOM_GENERATOR=y");

/* The data of the program on each slot. */
static struct {
	/* The grants that it was started with in place of its manifest; NULL if it has none. */
	const struct zephyr_wasm_command *command;
	/* Its standard streams. Those that it has not used are not opened. */
	struct zephyr_wasm_stream streams[3];
} programs[CONFIG_WASM_MAX_APPS];

int zephyr_wasm_run(const struct zephyr_wasm_image *image,
		    const struct zephyr_wasm_command *command, struct zephyr_wasm_app **app)
{
	struct zephyr_wasm_app *slot;
	int result;

	if (command == NULL) {
		return -EINVAL;
	}
	result = zephyr_wasm_prepare(image, NULL, app, &slot);
	if (result == 0) {
		slot->is_given = true;
		programs[zephyr_wasm_slot_of(slot)].command = command;
		memcpy(programs[zephyr_wasm_slot_of(slot)].streams, command->streams,
		       sizeof(command->streams));
		zephyr_wasm_begin(slot);
	}
	return result;
}

const struct zephyr_wasm_command *zephyr_wasm_wasi_command(void)
{
	return programs[zephyr_wasm_slot_of(zephyr_wasm_current())].command;
}

/** Whether the calling program was started with grants in place of its manifest. */
bool zephyr_wasm_is_command(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	return app != NULL && app->is_given;
}

/* Returns a text of a command, by enum Given of rust/api/src/wasi/mod.rs; NULL after the last. */
static const char *text_of(const struct zephyr_wasm_command *command, uint32_t what, size_t index)
{
	const struct {
		const char *const *texts;
		size_t count;
	} all[] = {
		{command->args, command->arg_count},
		{command->env, command->env_count},
		{command->dirs, command->dir_count},
		{command->read_only, command->read_only_count},
	};

	return zephyr_wasm_holds(what < ARRAY_SIZE(all)) && index < all[what].count
		       ? all[what].texts[index]
		       : NULL;
}

/* A copy, because an app in user mode cannot read the memory of whoever started it. */
int32_t zephyr_wasm_given(uint32_t what, size_t index, char *text, size_t room)
{
	const struct zephyr_wasm_command *command = zephyr_wasm_wasi_command();
	const char *given;
	size_t length;

	if (!zephyr_wasm_holds(command != NULL)) {
		return -1;
	}
	given = text_of(command, what, index);
	if (given == NULL) {
		return -1;
	}
	length = strlen(given);
	memcpy(text, given, MIN(length, room));
	return (int32_t)length;
}

/** Returns the time since 1970 in nanoseconds, if the clock was set. */
uint64_t zephyr_wasm_realtime(void)
{
	struct timespec now;

	if (sys_clock_gettime(SYS_CLOCK_REALTIME, &now) != 0) {
		return zephyr_wasm_clock_now();
	}
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

#ifndef CONFIG_WASM_WASI_FILES
/* Without files, a program that is given directories finds none. */
int32_t zephyr_wasm_path_stat(const char *path, size_t length, uint64_t *size)
{
	ARG_UNUSED(path);
	ARG_UNUSED(length);
	ARG_UNUSED(size);
	return zephyr_wasm_wasi_result(-ENOSYS);
}

int32_t zephyr_wasm_path_make_directory(const char *path, size_t length)
{
	ARG_UNUSED(path);
	ARG_UNUSED(length);
	return zephyr_wasm_wasi_result(-ENOSYS);
}
#endif

/* Stands for a stream that could not be opened, so that it is not tried again. Otherwise, the
 * program could repeat it as often as it likes, and each time is a line of the log, or two with
 * that of the file system. */
static const struct zephyr_wasm_stream_api unopened_api;

/* A stream may create a file of this name. Not inlined, because opening files takes much of the
 * stack. */
__noinline bool zephyr_wasm_wasi_is_harmless(const char *text)
{
	char shown[WASI_PATH_SIZE];

	strcpy(shown, text);
	zephyr_wasm_disarm(shown);
	return strcmp(shown, text) == 0;
}

/* Opens a stream as the manifest says, if the program was not started with one. */
static void open_stream(struct zephyr_wasm_app *app, size_t number)
{
	static const char *const kinds[] = {"stdin", "stdout", "stderr"};
	const struct zephyr_wasm_image *image = app->image;
	struct zephyr_wasm_stream *stream = &programs[zephyr_wasm_slot_of(app)].streams[number];
	char where[WASI_PATH_SIZE];
	intptr_t length = -1;
	int result;

	if (!app->is_given) {
		length = zephyr_wasm_rs_grant(image->wasm, image->size, kinds[number], where,
					      sizeof(where));
	}
	if (length < 0) {
		*stream = zephyr_wasm_stream_console;
		return;
	}
	/* A path that does not fit, or has a zero in it, would be cut to the path of another file.
	 */
	if (strlen(where) != (size_t)length) {
		result = -ENAMETOOLONG;
	} else if (!zephyr_wasm_wasi_is_harmless(where)) {
		result = -EINVAL;
	} else {
		result = zephyr_wasm_wasi_stream_open(where, number == 0, stream);
	}
	if (result != 0) {
		/* The path comes from the manifest, and may have any bytes. */
		zephyr_wasm_disarm(where);
		LOG_ERR("%s: its %s cannot be opened: %s: %d", image->name, kinds[number], where,
			result);
		*stream = (struct zephyr_wasm_stream){.api = &unopened_api};
	}
}

/* Returns a stream of the calling program, and opens it if necessary. */
static struct zephyr_wasm_stream *stream_of(size_t number)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	struct zephyr_wasm_stream *stream = &programs[zephyr_wasm_slot_of(app)].streams[number];

	if (stream->api == NULL) {
		open_stream(app, number);
	}
	return stream;
}

int32_t zephyr_wasm_input(uint8_t *bytes, size_t size, bool wait)
{
	struct zephyr_wasm_stream *stream = stream_of(0);

	if (stream->api->read == NULL) {
		return zephyr_wasm_wasi_result(-EIO);
	}
	return zephyr_wasm_wasi_result(
		stream->api->read(stream->context, bytes, size, wait ? K_FOREVER : K_NO_WAIT));
}

bool zephyr_wasm_input_ready(uint64_t timeout)
{
	struct zephyr_wasm_stream *stream = stream_of(0);

	if (stream->api->ready == NULL) {
		return true;
	}
	return stream->api->ready(stream->context, ZEPHYR_WASM_TIMEOUT(timeout)) == 0;
}

int32_t zephyr_wasm_output(uint32_t number, const uint8_t *bytes, size_t size)
{
	struct zephyr_wasm_stream *stream = stream_of(number);

	if (stream->api->write == NULL) {
		return zephyr_wasm_wasi_result(-EIO);
	}
	return zephyr_wasm_wasi_result(stream->api->write(stream->context, bytes, size));
}

bool zephyr_wasm_is_terminal(uint32_t number)
{
	struct zephyr_wasm_stream *stream = stream_of(number);

	return stream->api->is_terminal;
}

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	size_t slot = zephyr_wasm_slot_of(app);

	switch (event) {
	case ZEPHYR_WASM_EVENT_TAKEN:
		memset(&programs[slot], 0, sizeof(programs[0]));
		break;
#ifdef CONFIG_WASM_WASI_PROGRAM_FILES
	case ZEPHYR_WASM_EVENT_LAUNCHED:
		zephyr_wasm_wasi_forget(app);
		break;
	case ZEPHYR_WASM_EVENT_LOADED:
		zephyr_wasm_wasi_loaded(app);
		break;
#endif
	case ZEPHYR_WASM_EVENT_CLOSED:
		for (size_t i = 0; i < ARRAY_SIZE(programs[slot].streams); i++) {
			zephyr_wasm_stream_close(&programs[slot].streams[i]);
		}
		break;
	default:
		break;
	}
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, wasi) = {.on = on};

static bool prepares(const struct zephyr_wasm_image *image)
{
	return IS_ENABLED(CONFIG_WASM_WASI_PROGRAM_FILES) && image->path != NULL;
}

static int finds(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source,
		 struct zephyr_wasm_limits *limits)
{
	if (app->is_given) {
		limits->memory = programs[zephyr_wasm_slot_of(app)].command->memory;
	}
#ifdef CONFIG_WASM_WASI_PROGRAM_FILES
	if (app->image->path != NULL) {
		return zephyr_wasm_wasi_load(app, source);
	}
#else
	ARG_UNUSED(source);
#endif
	return 0;
}

/* Priority 50: this reads the file before the store (60) checks its signature. */
ZEPHYR_WASM_ORIGIN_DEFINE(50, wasi) = {.prepares = prepares, .finds = finds};
