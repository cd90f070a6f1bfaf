/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shell as a terminal. A program reads lines that were typed, each when it was ended by Return;
 * until then, the line can be edited. Ctrl-D ends the input, and Ctrl-C ends the program.
 */

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/ring_buffer.h>

#include <zephyr_wasm/command.h>

#include "core/mark.h"
#include "shell_run.h"

#define LINE_SIZE 128

/* How long a program may leave typed lines unread, in milliseconds, before further input is
 * dropped. Until the program reads, nothing is read from the terminal, and Ctrl-C is not seen
 * either. */
#define PATIENCE 1000

#define CTRL_C    0x03
#define CTRL_D    0x04
#define BACKSPACE 0x08
#define DELETE    0x7f

static struct {
	const struct shell *sh;
	/* The line that is being typed. */
	char line[LINE_SIZE];
	size_t used;
	/* The lines that were ended by Return and are not read yet; and whether Ctrl-D was typed.
	 */
	uint8_t buffer[2 * LINE_SIZE];
	struct ring_buf lines;
	bool over;
	struct k_sem changed;
	/* When there last was room for another line, in milliseconds of uptime. */
	int64_t had_room;
} terminal;

static ssize_t terminal_read(void *context, void *bytes, size_t size, k_timeout_t timeout)
{
	k_timepoint_t until = sys_timepoint_calc(timeout);

	ARG_UNUSED(context);
	while (true) {
		/* There is one reader and one writer, so the buffer needs no lock. */
		uint32_t got = ring_buf_get(&terminal.lines, bytes, size);

		if (got > 0 || terminal.over || size == 0) {
			return got;
		}
		if (zephyr_wasm_take(&terminal.changed, sys_timepoint_timeout(until)) != 0) {
			return -EAGAIN;
		}
	}
}

static int terminal_ready(void *context, k_timeout_t timeout)
{
	k_timepoint_t until = sys_timepoint_calc(timeout);

	ARG_UNUSED(context);
	while (ring_buf_is_empty(&terminal.lines) && !terminal.over) {
		if (zephyr_wasm_take(&terminal.changed, sys_timepoint_timeout(until)) != 0) {
			return -EAGAIN;
		}
	}
	return 0;
}

static void echo(const char *text, size_t size)
{
	shell_fprintf(terminal.sh, SHELL_NORMAL, "%.*s", (int)size, text);
}

static ssize_t terminal_write(void *context, const void *bytes, size_t size)
{
	ARG_UNUSED(context);
	zephyr_wasm_wasi_show(bytes, size, echo);
	return size;
}

static const struct zephyr_wasm_stream_api terminal_api = {
	.read = terminal_read,
	.write = terminal_write,
	.ready = terminal_ready,
	.is_terminal = true,
};

struct zephyr_wasm_stream zephyr_wasm_terminal_in(void)
{
	return (struct zephyr_wasm_stream){.api = &terminal_api};
}

struct zephyr_wasm_stream zephyr_wasm_terminal_out(void)
{
	return (struct zephyr_wasm_stream){.api = &terminal_api};
}

void zephyr_wasm_terminal_begin(const struct shell *sh)
{
	terminal.sh = sh;
	terminal.used = 0;
	terminal.over = false;
	terminal.had_room = k_uptime_get();
	ring_buf_init(&terminal.lines, sizeof(terminal.buffer), terminal.buffer);
	k_sem_init(&terminal.changed, 0, 1);
}

static void end_line(void)
{
	ring_buf_put(&terminal.lines, terminal.line, terminal.used);
	terminal.used = 0;
	k_sem_give(&terminal.changed);
}

/* Handles one character. Returns false if it is Ctrl-C. */
static bool take(char c)
{
	if (terminal.over && c != CTRL_C) {
		return true;
	}
	switch (c) {
	case CTRL_C:
		echo("^C\n", 3);
		return false;
	case CTRL_D:
		if (terminal.used == 0) {
			terminal.over = true;
		}
		end_line();
		return true;
	case BACKSPACE:
	case DELETE:
		if (terminal.used > 0) {
			terminal.used--;
			echo("\b \b", 3);
		}
		return true;
	case '\r':
	case '\n':
		terminal.line[terminal.used++] = '\n';
		echo("\n", 1);
		end_line();
		return true;
	default:
		/* The last place is for the end of the line. */
		if ((unsigned char)c >= ' ' && terminal.used < LINE_SIZE - 1) {
			terminal.line[terminal.used++] = c;
			echo(&c, 1);
		}
		return true;
	}
}

static bool has_room(void)
{
	return ring_buf_space_get(&terminal.lines) >= LINE_SIZE;
}

bool zephyr_wasm_terminal_poll(void)
{
	const struct shell_transport *transport = terminal.sh->iface;
	size_t count = 1;
	char c;

	if (has_room()) {
		terminal.had_room = k_uptime_get();
	}
	/* Input that does not fit stays in the shell until the program has read. If it does not
	 * read within PATIENCE, input is read and dropped, to look for Ctrl-C. */
	while (count > 0 && (has_room() || k_uptime_get() - terminal.had_room >= PATIENCE)) {
		if (transport->api->read(transport, &c, 1, &count) != 0 || count == 0) {
			break;
		}
		if ((has_room() || c == CTRL_C) && !take(c)) {
			return false;
		}
	}
	return true;
}
