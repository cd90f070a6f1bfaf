/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shell command "wasm run": runs programs in files, with redirections and pipes.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>

#include <zephyr_wasm/command.h>

#include "core/images.h"
#include "core/slots.h"
#include "core/text.h"
#include "manage/shell/shell.h"
#include "shell_run.h"

/* How often the terminal and the ends of programs are checked. */
#define LOOK K_MSEC(10)

/* The line that runs. It is static, because its programs use it. There is one line at a time. */
static K_MUTEX_DEFINE(lock);
static struct shell_line line;
static struct {
	const struct zephyr_wasm_image *image;
	/* The image and its name, if the program is a file. */
	struct zephyr_wasm_image own;
	char name[ZEPHYR_WASM_NAME_SIZE];
	struct zephyr_wasm_command command;
	struct zephyr_wasm_app *app;
	/* The moment of its start, so that an app that gets its slot later is not taken for it. */
	struct zephyr_wasm_moment moment;
} runs[CONFIG_WASM_SHELL_RUN_STAGE_COUNT];
/* All programs are to end. */
static bool is_over;

/* Writes the name of a program: the last name of its path, without the extension. Returns false if
 * the name is empty or too long. A name that is cut could be that of another program, whose stored
 * values it would have. */
static bool name_of(const char *path, char name[ZEPHYR_WASM_NAME_SIZE])
{
	const char *slash = strrchr(path, '/');
	const char *start = slash == NULL ? path : slash + 1;
	const char *dot = strrchr(start, '.');
	size_t length = dot == NULL || dot == start ? strlen(start) : (size_t)(dot - start);

	return length > 0 && zephyr_wasm_copy_text(name, ZEPHYR_WASM_NAME_SIZE, start, length);
}

/* Finds what to run: an app of this firmware, by its name, or a file. */
static int find(const struct shell *sh, size_t number)
{
	const char *what = line.stages[number].args[0];
	const struct zephyr_wasm_image *known =
		strchr(what, '/') == NULL ? zephyr_wasm_find_image(what) : NULL;
	struct zephyr_wasm_image *own = &runs[number].own;

	runs[number].image = own;
	if (known != NULL && known->priority == ZEPHYR_WASM_PRIORITY_OF_MANIFEST) {
		runs[number].image = known;
	} else if (known != NULL) {
		*own = *known;
		/* This thread handles the terminal, by which a program can be ended. So no program
		 * may be more urgent. */
		own->priority = MAX(known->priority, CONFIG_WASM_APP_PRIORITY_HIGHEST);
	} else if (!IS_ENABLED(CONFIG_WASM_WASI_PROGRAM_FILES)) {
		shell_error(sh,
			    "%s: not the name of an app of this firmware, and files run only with "
			    "CONFIG_WASM_INTERPRETER=y or CONFIG_WASM_COMPILED_STORE=y",
			    what);
		return -ENOENT;
	} else if (!name_of(what, runs[number].name)) {
		shell_error(sh, "%s: its name has none or more than %d characters, rename it", what,
			    ZEPHYR_WASM_NAME_SIZE - 1);
		return -ENAMETOOLONG;
	} else if (zephyr_wasm_find_image(runs[number].name) != NULL) {
		/* It would have the storage of that app, and whoever ends one of them could end the
		 * other. */
		shell_error(sh, "%s: an app of this firmware is called %s, rename the file", what,
			    runs[number].name);
		return -EEXIST;
	} else {
		*own = (struct zephyr_wasm_image){
			.name = runs[number].name,
			.path = what,
			.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
		};
	}
	return 0;
}

static int open_file(const struct shell *sh, const char *path, enum zephyr_wasm_stream_mode mode,
		     struct zephyr_wasm_stream *stream)
{
	int result = path == NULL ? 0 : zephyr_wasm_stream_file(path, mode, stream);

	if (result == -EMFILE) {
		shell_error(sh, "%s: too many open files (CONFIG_WASM_WASI_OPEN_FILE_COUNT)", path);
	} else if (result != 0) {
		shell_error(sh, "%s: %s", path,
			    result == -ENOENT ? "no such file" : "cannot be opened");
	}
	return result;
}

/* Opens the files and the pipe of a program's streams. Streams that lead to neither lead to the
 * terminal. */
static int lead(const struct shell *sh, size_t number)
{
	const struct shell_stage *stage = &line.stages[number];
	struct zephyr_wasm_stream *streams = runs[number].command.streams;
	struct zephyr_wasm_stream unused = {0};
	int result = 0;

	if (number + 1 < line.stage_count) {
		result = zephyr_wasm_stream_pipe(NULL, &runs[number + 1].command.streams[0],
						 &streams[1]);
		if (result != 0) {
			shell_error(sh, "too many pipes (CONFIG_WASM_PIPE_COUNT)");
			return result;
		}
	}
	if (stage->in != NULL && streams[0].api != NULL) {
		unused = streams[0];
		zephyr_wasm_stream_close(&unused);
		streams[0].api = NULL;
	}
	if (stage->out != NULL && streams[1].api != NULL) {
		unused = streams[1];
		zephyr_wasm_stream_close(&unused);
		streams[1].api = NULL;
	}
	result = open_file(sh, stage->in, ZEPHYR_WASM_STREAM_READ, &streams[0]);
	if (result == 0) {
		result = open_file(sh, stage->out,
				   stage->appends ? ZEPHYR_WASM_STREAM_APPEND
						  : ZEPHYR_WASM_STREAM_WRITE,
				   &streams[1]);
	}
	if (result == 0) {
		result = open_file(sh, stage->err, ZEPHYR_WASM_STREAM_WRITE, &streams[2]);
	}
	for (size_t i = 0; i < 3; i++) {
		if (streams[i].api == NULL) {
			streams[i] =
				i == 0 ? zephyr_wasm_terminal_in() : zephyr_wasm_terminal_out();
		}
	}
	return result;
}

static int start(const struct shell *sh, size_t number)
{
	struct zephyr_wasm_command *command = &runs[number].command;
	int result;

	command->args = line.stages[number].args;
	command->arg_count = line.stages[number].arg_count;
	command->env = line.env;
	command->env_count = line.env_count;
	command->dirs = line.dirs;
	command->dir_count = line.dir_count;
	command->read_only = line.read_only;
	command->read_only_count = line.read_only_count;
	command->memory = line.memory;
	result = zephyr_wasm_run(runs[number].image, command, &runs[number].app);
	if (result == 0) {
		runs[number].moment = zephyr_wasm_now(runs[number].app);
	} else if (result == -ENOMEM) {
		shell_error(sh, "%s: too many apps (CONFIG_WASM_MAX_APPS)",
			    runs[number].image->name);
	}
	return result;
}

/* Closes the streams of a program that does not start. */
static void drop(size_t number)
{
	for (size_t i = 0; i < 3; i++) {
		zephyr_wasm_stream_close(&runs[number].command.streams[i]);
	}
}

/* Kills all programs that have not ended. */
static void kill_all(void)
{
	for (size_t i = 0; i < line.stage_count; i++) {
		/* In one step, so that no other app gets the slot in between. */
		k_sched_lock();
		if (runs[i].app != NULL && zephyr_wasm_is_since(runs[i].app, runs[i].moment)) {
			zephyr_wasm_kill(runs[i].app);
		}
		k_sched_unlock();
	}
}

/* Waits for a program, and handles the terminal meanwhile. Writes how the program ended. */
static void wait(size_t number, struct zephyr_wasm_status *status)
{
	struct zephyr_wasm_app *app = runs[number].app;
	int result;

	while ((result = zephyr_wasm_wait_since(app, runs[number].moment, LOOK)) == -EAGAIN) {
		is_over = !zephyr_wasm_terminal_poll() || is_over;
		if (is_over) {
			kill_all();
		}
	}
	if (result == 0) {
		result = zephyr_wasm_status(app, status);
	}
	if (result == 0) {
		zephyr_wasm_release(app);
	} else {
		/* The program was released by somebody else, so its end is not known. */
		*status = (struct zephyr_wasm_status){.end = ZEPHYR_WASM_END_KILLED,
						      .message = "released by another"};
	}
	runs[number].app = NULL;
}

/* Prints how a program ended. Returns its exit code, or the number that shells return for another
 * end. */
static int tell(const struct shell *sh, size_t number, const struct zephyr_wasm_status *status)
{
	if (status->end != ZEPHYR_WASM_END_RETURNED) {
		shell_error(sh, "%s: %s", runs[number].image->name, status->message);
		return status->end == ZEPHYR_WASM_END_KILLED ? 130 : 126;
	}
	if (status->detail != 0) {
		shell_warn(sh, "%s: exit code %d", runs[number].image->name, status->detail);
	}
	return status->detail;
}

int zephyr_wasm_shell_run(const struct shell *sh, size_t argc, char **argv)
{
	static struct zephyr_wasm_status status;
	size_t begun = 0;
	int result;

	if (k_mutex_lock(&lock, K_NO_WAIT) != 0) {
		shell_error(sh, "another shell runs programs");
		return -EBUSY;
	}
	result = zephyr_wasm_shell_line_read(sh, argc, argv, &line);
	if (result != 0) {
		k_mutex_unlock(&lock);
		return result;
	}
	memset(runs, 0, sizeof(runs));
	is_over = false;
	zephyr_wasm_terminal_begin(sh);
	for (size_t i = 0; i < line.stage_count && result == 0; i++) {
		result = find(sh, i);
		if (result == 0) {
			result = lead(sh, i);
		}
	}
	for (; begun < line.stage_count && result == 0; begun++) {
		result = start(sh, begun);
		if (result != 0) {
			break;
		}
	}
	for (size_t i = begun; i < line.stage_count; i++) {
		drop(i);
	}
	if (begun < line.stage_count) {
		is_over = true;
		kill_all();
	}
	for (size_t i = 0; i < begun; i++) {
		int code;

		wait(i, &status);
		code = tell(sh, i, &status);
		/* The result of the line is that of its last program. */
		if (i + 1 == line.stage_count) {
			result = code;
		}
	}
	k_mutex_unlock(&lock);
	return result;
}
