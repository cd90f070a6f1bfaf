/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where the standard streams of programs lead.
 */

#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/sys/printk-hooks.h>

#include "common.h"
#include "wasi/wasi.h"

/* A stream of the firmware's own: what is read is a text, what is written is kept. */
static struct {
	const char *text;
	char kept[64];
	size_t used;
	int closed;
} own;

static ssize_t own_read(void *context, void *bytes, size_t size, k_timeout_t timeout)
{
	size_t length = MIN(strlen(own.text), MIN(size, 3));

	ARG_UNUSED(context);
	ARG_UNUSED(timeout);
	memcpy(bytes, own.text, length);
	own.text += length;
	return length;
}

static ssize_t own_write(void *context, const void *bytes, size_t size)
{
	ARG_UNUSED(context);
	size = MIN(size, sizeof(own.kept) - own.used);
	memcpy(&own.kept[own.used], bytes, size);
	own.used += size;
	return size == 0 ? -ENOSPC : (ssize_t)size;
}

static int own_ready(void *context, k_timeout_t timeout)
{
	ARG_UNUSED(context);
	k_sleep(timeout);
	return -EAGAIN;
}

static void own_close(void *context)
{
	ARG_UNUSED(context);
	own.closed++;
}

static const struct zephyr_wasm_stream_api own_api = {
	.read = own_read,
	.write = own_write,
	.ready = own_ready,
	.close = own_close,
};

static const struct zephyr_wasm_stream own_stream = {.api = &own_api};

/* Runs the trial with the firmware's streams. */
static int try_own(const char *what, const char *input)
{
	const struct zephyr_wasm_stream streams[3] = {own_stream, own_stream, own_stream};
	static const char *args[2] = {"trial"};
	struct zephyr_wasm_status status;

	memset(&own, 0, sizeof(own));
	own.text = input;
	args[1] = what;
	status = try(args, ARRAY_SIZE(args), streams);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(own.closed, 3);
	return status.detail;
}

ZTEST(streams, test_firmware_reads_and_writes)
{
	zassert_equal(try_own("copy", "from firmware\n"), 0);
	zassert_mem_equal(own.kept, "from firmware\n", 14);
}

/* What is on the console meanwhile. */
static char shown[128];
static size_t shown_size;

static int keep_shown(int c)
{
	if (shown_size < sizeof(shown) - 1) {
		shown[shown_size++] = (char)c;
	}
	return c;
}

static printk_hook_fn_t console_begin(void)
{
	printk_hook_fn_t before = __printk_get_hook();

	memset(shown, 0, sizeof(shown));
	shown_size = 0;
	__printk_hook_install(keep_shown);
	return before;
}

/* A dump of another app's, which the tool would take for the firmware's. */
static const char record[] = "#WD:begin other 0x1 1\n##WD:00\n#WD:end\n";
static const char left[] = "#WD?begin other 0x1 1\n##WD?00\n#WD?end\n";

ZTEST(streams, test_no_record_of_the_firmware_on_the_console)
{
	const struct zephyr_wasm_stream console = zephyr_wasm_stream_console;
	const struct zephyr_wasm_stream streams[3] = {own_stream, console, console};
	static const char *const args[2] = {"trial", "copy"};
	struct zephyr_wasm_status status;
	printk_hook_fn_t before;

	/* In two pieces, which another program could write, with what no terminal shows between. */
	for (size_t size = 0; size < sizeof(record); size++) {
		before = console_begin();
		(void)console.api->write(NULL, record, size);
		(void)console.api->write(NULL, "\0", 1);
		(void)console.api->write(NULL, &record[size], sizeof(record) - 1 - size);
		__printk_hook_install(before);
		zassert_str_equal(shown, left, "%s", shown);
	}
	/* By a program. */
	memset(&own, 0, sizeof(own));
	own.text = record;
	before = console_begin();
	status = try(args, ARRAY_SIZE(args), streams);
	__printk_hook_install(before);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_not_null(strstr(shown, left), "%s", shown);
	zassert_is_null(strstr(shown, "#WD:"), "%s", shown);
}

static void show_nowhere(const char *text, size_t size)
{
	ARG_UNUSED(text);
	ARG_UNUSED(size);
}

/* Nor is one made of two pieces by what another program shows on another terminal in between. */
ZTEST(streams, test_no_record_by_the_help_of_another_terminal)
{
	const struct zephyr_wasm_stream console = zephyr_wasm_stream_console;
	printk_hook_fn_t before = console_begin();

	(void)console.api->write(NULL, "#W", 2);
	zephyr_wasm_wasi_show("x", 1, show_nowhere);
	(void)console.api->write(NULL, "D:", 2);
	(void)console.api->write(NULL, "#W", 2);
	/* Which may be the same one. */
	zephyr_wasm_wasi_show("D:", 2, show_nowhere);
	(void)console.api->write(NULL, "D:", 2);
	__printk_hook_install(before);
	zassert_str_equal(shown, "#WD?#WD?", "%s", shown);
}

static void break_down(const char *text, size_t size)
{
	ARG_UNUSED(text);
	ARG_UNUSED(size);
	k_oops();
}

static ssize_t broken_write(void *context, const void *bytes, size_t size)
{
	ARG_UNUSED(context);
	zephyr_wasm_wasi_show(bytes, size, break_down);
	return size;
}

/* Who writes to a terminal whose driver faults is ended, with the lock of all terminals. */
ZTEST(streams, test_a_terminal_that_faults)
{
	static const struct zephyr_wasm_stream_api broken_api = {.write = broken_write};
	const struct zephyr_wasm_stream broken = {.api = &broken_api};
	const struct zephyr_wasm_stream console = zephyr_wasm_stream_console;
	const struct zephyr_wasm_stream streams[2][3] = {
		{own_stream, broken, broken},
		{own_stream, console, console},
	};
	static const char *const args[] = {"trial", "copy"};
	struct zephyr_wasm_status status;

	memset(&own, 0, sizeof(own));
	own.text = "lost";
	status = try(args, ARRAY_SIZE(args), streams[0]);
	zassert_equal(status.end, ZEPHYR_WASM_END_FAULTED, "%s", status.message);
	own.text = "shown\n";
	status = try(args, ARRAY_SIZE(args), streams[1]);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
}

ZTEST(streams, test_a_wait_for_input_ends)
{
	zassert_equal(try_own("poll", ""), 0);
}

static size_t read_card(const char *path, char *bytes, size_t size)
{
	struct fs_file_t file;
	ssize_t got;

	fs_file_t_init(&file);
	zassert_ok(fs_open(&file, path, FS_O_READ));
	got = fs_read(&file, bytes, size);
	zassert_ok(fs_close(&file));
	return MAX(got, 0);
}

ZTEST(streams, test_files)
{
	static const char *const args[] = {"trial", "copy"};
	struct zephyr_wasm_stream streams[3] = {{0}};
	char bytes[32];

	card_write(CARD "/in", "some input\n", 11);
	for (int round = 0; round < 2; round++) {
		zassert_ok(
			zephyr_wasm_stream_file(CARD "/in", ZEPHYR_WASM_STREAM_READ, &streams[0]));
		zassert_ok(zephyr_wasm_stream_file(CARD "/out",
						   round == 0 ? ZEPHYR_WASM_STREAM_WRITE
							      : ZEPHYR_WASM_STREAM_APPEND,
						   &streams[1]));
		zassert_equal(try(args, ARRAY_SIZE(args), streams).detail, 0);
	}
	zassert_equal(read_card(CARD "/out", bytes, sizeof(bytes)), 22);
	zassert_mem_equal(bytes, "some input\nsome input\n", 22);
	zassert_equal(zephyr_wasm_stream_file(CARD "/none", ZEPHYR_WASM_STREAM_READ, &streams[0]),
		      -ENOENT);
	zassert_equal(zephyr_wasm_stream_file("none", ZEPHYR_WASM_STREAM_WRITE, &streams[0]),
		      -EINVAL);
}

ZTEST(streams, test_pipes_of_manifests)
{
	ZEPHYR_WASM_IMAGE_DECLARE(piped_in);
	ZEPHYR_WASM_IMAGE_DECLARE(piped_out);
	struct zephyr_wasm_app *reader;
	struct zephyr_wasm_app *writer;
	char bytes[16];

	/* Who reads waits until somebody writes. */
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(piped_in), &reader));
	k_msleep(50);
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(piped_out), &writer));
	zassert_equal(finish(writer).detail, 0);
	zassert_equal(finish(reader).detail, 0);
	zassert_equal(read_card(CARD "/piped.txt", bytes, sizeof(bytes)), 8);
	zassert_mem_equal(bytes, "by pipe\n", 8);
}

/* Who writes may be at its end before anybody reads. */
ZTEST(streams, test_a_pipe_has_what_was_left_in_it)
{
	ZEPHYR_WASM_IMAGE_DECLARE(piped_in);
	ZEPHYR_WASM_IMAGE_DECLARE(piped_out);
	struct zephyr_wasm_app *app;
	char bytes[16];

	(void)fs_unlink(CARD "/piped.txt");
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(piped_out), &app));
	zassert_equal(finish(app).detail, 0);
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(piped_in), &app));
	zassert_equal(finish(app).detail, 0);
	zassert_equal(read_card(CARD "/piped.txt", bytes, sizeof(bytes)), 8);
	zassert_mem_equal(bytes, "by pipe\n", 8);
}

/* Cut to what there is room for, its name would be that of another pipe. */
ZTEST(streams, test_a_pipe_of_a_manifest_with_a_long_name)
{
	ZEPHYR_WASM_IMAGE_DECLARE(piped_wrong);
	struct zephyr_wasm_app *writer;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(piped_wrong), &writer));
	zassert_not_equal(finish(writer).detail, 0);
}

static struct zephyr_wasm_app *start_with(const char *what, const struct zephyr_wasm_stream *in,
					  const struct zephyr_wasm_stream *out)
{
	static const char *args[2][2] = {{"trial"}, {"trial"}};
	static struct zephyr_wasm_command commands[2];
	static int next;
	struct zephyr_wasm_command *command = &commands[next];
	struct zephyr_wasm_app *app;

	args[next][1] = what;
	*command = (struct zephyr_wasm_command){.args = args[next], .arg_count = 2};
	command->streams[0] = in == NULL ? zephyr_wasm_stream_null : *in;
	command->streams[1] = out == NULL ? zephyr_wasm_stream_null : *out;
	next = 1 - next;
	zassert_ok(zephyr_wasm_run(ZEPHYR_WASM_IMAGE(trial), command, &app));
	return app;
}

static void read_end(void *stream, void *unused1, void *unused2)
{
	const struct zephyr_wasm_stream *in = stream;
	char byte;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	zassert_equal(in->api->read(in->context, &byte, 1, K_FOREVER), 0);
}

/* Each of those who wait, also if the one that is woken goes on without closing what it has. */
ZTEST(streams, test_a_pipe_that_ends_for_several)
{
	static K_THREAD_STACK_ARRAY_DEFINE(stacks, 2, 2048);
	static struct k_thread threads[2];
	static struct zephyr_wasm_stream in;
	struct zephyr_wasm_stream out;

	zassert_ok(zephyr_wasm_stream_pipe(NULL, &in, &out));
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		(void)k_thread_create(&threads[i], stacks[i], K_THREAD_STACK_SIZEOF(stacks[i]),
				      read_end, &in, NULL, NULL, K_PRIO_PREEMPT(1), 0, K_NO_WAIT);
	}
	k_msleep(50);
	zephyr_wasm_stream_close(&out);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
		zassert_ok(k_thread_join(&threads[i], K_SECONDS(5)));
	}
	zephyr_wasm_stream_close(&in);
}

ZTEST(streams, test_a_pipe_nobody_reads)
{
	struct zephyr_wasm_stream in;
	struct zephyr_wasm_stream out;
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_stream_pipe(NULL, &in, &out));
	app = start_with("write-on", NULL, &out);
	k_msleep(100);
	/* It waits, and holds nothing meanwhile. */
	zassert_ok(zephyr_wasm_kill(app));
	zassert_equal(finish(app).end, ZEPHYR_WASM_END_KILLED);
	zephyr_wasm_stream_close(&in);

	/* As the reader goes, it is told. */
	zassert_ok(zephyr_wasm_stream_pipe(NULL, &in, &out));
	app = start_with("write-on", NULL, &out);
	k_msleep(100);
	zephyr_wasm_stream_close(&in);
	zassert_equal(finish(app).detail, WASI_PIPE);
}

ZTEST(streams, test_killed_while_it_waits_for_input)
{
	struct zephyr_wasm_stream in;
	struct zephyr_wasm_stream out;
	struct zephyr_wasm_app *app;

	for (int round = 0; round < 20; round++) {
		zassert_ok(zephyr_wasm_stream_pipe("waits", &in, &out));
		app = start_with("copy", &in, NULL);
		k_msleep(round);
		zassert_ok(zephyr_wasm_kill(app));
		zassert_equal(finish(app).end, ZEPHYR_WASM_END_KILLED);
		zephyr_wasm_stream_close(&out);
	}
}
