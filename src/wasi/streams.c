/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The standard streams of programs that lead to nothing, to the console, to the log and to files;
 * and which stream the text in a manifest stands for.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/printk.h>

#include <zephyr_wasm/command.h>

#include "core/app.h"
#include "core/locks.h"
#include "core/mark.h"
#include "core/text.h"
#include "core/thread.h"
#include "files.h"
#include "observe/log_rate.h"
#include "observe/remains.h"
#include "wasi.h"
#ifdef CONFIG_WASM_WASI_FILES
#include "fat.h"
#endif

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* One program shows something at a time. */
static K_MUTEX_DEFINE(lock);
ZEPHYR_WASM_LOCKS_DEFINE(streams_locks, &lock, 1);

static ssize_t null_read(void *context, void *bytes, size_t size, k_timeout_t timeout)
{
	ARG_UNUSED(context);
	ARG_UNUSED(bytes);
	ARG_UNUSED(size);
	ARG_UNUSED(timeout);
	return 0;
}

static ssize_t null_write(void *context, const void *bytes, size_t size)
{
	ARG_UNUSED(context);
	ARG_UNUSED(bytes);
	return size;
}

/* How many bytes are printed at once; and how many of one program are shown before a kill or
 * another program can come, which is more than a line. */
#define PIECE   32
#define AT_ONCE 256

static void print_console(const char *text, size_t size)
{
	printk("%.*s", (int)size, text);
}

/* Whether a character completes a mark, of which @p matched characters came before. */
static bool ends_mark(size_t *matched, char c)
{
	static const char mark[] = ZEPHYR_WASM_DUMP_MARK;

	*matched = c == mark[*matched] ? *matched + 1 : c == mark[0];
	if (*matched < sizeof(mark) - 1) {
		return false;
	}
	*matched = 0;
	return true;
}

static void show(const char *text, size_t size, void (*print)(const char *text, size_t size))
{
	/* How much of a mark was shown last: on all terminals together, on the console, and on the
	 * shell. Together, because the console and the shell may be one terminal, where two
	 * programs could make a mark of their pieces. And each by itself, because they may be two,
	 * where text on one does not interrupt a mark on the other. */
	static size_t matched[3];
	bool is_console = print == print_console;
	char piece[PIECE];
	size_t used = 0;

	k_mutex_lock(&lock, K_FOREVER);
	for (size_t i = 0; i < size; i++) {
		char c = text[i];

		if (c != '\0') {
			bool is_mark = ends_mark(&matched[0], c);

			is_mark |= ends_mark(&matched[is_console ? 1 : 2], c);
			piece[used++] = is_mark ? '?' : c;
		}
		if (used == sizeof(piece) || (i == size - 1 && used > 0)) {
			print(piece, used);
			used = 0;
		}
	}
	k_mutex_unlock(&lock);
}

/* Shown in parts, because a terminal is slow, and a program may write all of its memory. */
void zephyr_wasm_wasi_show(const char *text, size_t size,
			   void (*print)(const char *text, size_t size))
{
	for (size_t at = 0; at < size; at += AT_ONCE) {
		show(&text[at], MIN(size - at, AT_ONCE), print);
		zephyr_wasm_let_kill_come();
	}
}

static ssize_t console_write(void *context, const void *bytes, size_t size)
{
	ARG_UNUSED(context);
	zephyr_wasm_wasi_show(bytes, size, print_console);
	return size;
}

static const struct zephyr_wasm_stream_api null_api = {.read = null_read, .write = null_write};
static const struct zephyr_wasm_stream_api console_api = {
	.read = null_read,
	.write = console_write,
	.is_terminal = true,
};

const struct zephyr_wasm_stream zephyr_wasm_stream_null = {.api = &null_api};
const struct zephyr_wasm_stream zephyr_wasm_stream_console = {.api = &console_api};

/* Logs what the calling app writes, line by line. The end of a write ends a line, too. */
static ssize_t log_write(void *context, const void *bytes, size_t size)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();
	const char *text = bytes;
	char line[CONFIG_WASM_WASI_LOG_LINE_SIZE + 1];
	size_t used = 0;

	ARG_UNUSED(context);
	for (size_t i = 0; i < size; i++) {
		if (text[i] != '\n') {
			line[used++] = text[i] == '\0' ? '?' : text[i];
		}
		if (used > 0 && (text[i] == '\n' || used == sizeof(line) - 1 || i == size - 1)) {
			line[used] = '\0';
			used = 0;
			if (app != NULL && !zephyr_wasm_log_counts(app)) {
				continue;
			}
			/* Control characters are removed, so that an app cannot write commands for
			 * the terminal. */
			zephyr_wasm_disarm(line);
			LOG_INF("%s: %s", app == NULL ? "?" : app->image->name, line);
		}
	}
	return size;
}

const struct zephyr_wasm_stream_api zephyr_wasm_wasi_log_api = {.write = log_write};

#ifdef CONFIG_WASM_WASI_FILES
static ssize_t stream_read(void *context, void *bytes, size_t size, k_timeout_t timeout)
{
	ARG_UNUSED(timeout);
	return zephyr_wasm_wasi_file_read_on(POINTER_TO_UINT(context), bytes, size);
}

static ssize_t stream_write(void *context, const void *bytes, size_t size)
{
	return zephyr_wasm_wasi_file_write_on(POINTER_TO_UINT(context), bytes, size);
}

static void stream_close(void *context)
{
	zephyr_wasm_wasi_file_end(POINTER_TO_UINT(context));
}

static const struct zephyr_wasm_stream_api file_api = {
	.read = stream_read,
	.write = stream_write,
	.close = stream_close,
};

int zephyr_wasm_stream_file(const char *path, enum zephyr_wasm_stream_mode mode,
			    struct zephyr_wasm_stream *stream)
{
	bool writes = mode != ZEPHYR_WASM_STREAM_READ;
	/* Checked like the name of any file that a program creates, because the program's own
	 * manifest may give the path. */
	int file = zephyr_wasm_wasi_fat_check_name(path);

	if (file == 0) {
		file = zephyr_wasm_wasi_file_open(path, writes, writes,
						  mode == ZEPHYR_WASM_STREAM_WRITE);
	}
	if (file < 0) {
		return file;
	}
	if (mode == ZEPHYR_WASM_STREAM_APPEND) {
		zephyr_wasm_wasi_file_to_end(file);
	}
	*stream = (struct zephyr_wasm_stream){.api = &file_api, .context = UINT_TO_POINTER(file)};
	return 0;
}
#endif

void zephyr_wasm_stream_close(struct zephyr_wasm_stream *stream)
{
	if (stream->api != NULL && stream->api->close != NULL) {
		stream->api->close(stream->context);
	}
	stream->api = NULL;
}

int zephyr_wasm_wasi_stream_open(const char *where, bool is_input,
				 struct zephyr_wasm_stream *stream)
{
	static const char pipe[] = "pipe:";

	if (strncmp(where, pipe, sizeof(pipe) - 1) == 0) {
		return zephyr_wasm_wasi_pipe_open(where + sizeof(pipe) - 1, !is_input, stream);
	}
	if (strcmp(where, "null") == 0) {
		*stream = zephyr_wasm_stream_null;
	} else if (strcmp(where, "console") == 0) {
		*stream = zephyr_wasm_stream_console;
	} else if (strcmp(where, "log") == 0 && !is_input) {
		*stream = (struct zephyr_wasm_stream){.api = &zephyr_wasm_wasi_log_api};
	} else {
#ifdef CONFIG_WASM_WASI_FILES
		bool appends = strncmp(where, ">>", 2) == 0;

		return zephyr_wasm_stream_file(appends ? where + 2 : where,
					       is_input  ? ZEPHYR_WASM_STREAM_READ
					       : appends ? ZEPHYR_WASM_STREAM_APPEND
							 : ZEPHYR_WASM_STREAM_WRITE,
					       stream);
#else
		return -ENOENT;
#endif
	}
	return 0;
}
