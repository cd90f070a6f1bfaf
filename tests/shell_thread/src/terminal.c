/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the test types goes the way of a serial port's bytes: to the shell's thread, which Zephyr
 * made with the priority that Kconfig has for it.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>

#include "terminal.h"

struct terminal {
	shell_transport_handler_t handler;
	void *context;
	const char *typed;
	char shown[512];
	size_t length;
};

static int init(const struct shell_transport *transport, const void *config,
		shell_transport_handler_t handler, void *context)
{
	struct terminal *terminal = transport->ctx;

	ARG_UNUSED(config);
	terminal->handler = handler;
	terminal->context = context;
	terminal->typed = "";
	return 0;
}

static int uninit(const struct shell_transport *transport)
{
	ARG_UNUSED(transport);
	return 0;
}

static int enable(const struct shell_transport *transport, bool blocking)
{
	ARG_UNUSED(transport);
	ARG_UNUSED(blocking);
	return 0;
}

static int write(const struct shell_transport *transport, const void *data, size_t length,
		 size_t *count)
{
	struct terminal *terminal = transport->ctx;
	size_t room = sizeof(terminal->shown) - 1 - terminal->length;

	memcpy(&terminal->shown[terminal->length], data, MIN(length, room));
	terminal->length += MIN(length, room);
	terminal->shown[terminal->length] = '\0';
	*count = length;
	return 0;
}

static int read(const struct shell_transport *transport, void *data, size_t length, size_t *count)
{
	struct terminal *terminal = transport->ctx;

	*count = MIN(length, strlen(terminal->typed));
	memcpy(data, terminal->typed, *count);
	terminal->typed += *count;
	return 0;
}

static const struct shell_transport_api api = {
	.init = init,
	.uninit = uninit,
	.enable = enable,
	.write = write,
	.read = read,
};

static struct terminal terminals[TERMINALS];
static const struct shell_transport transports[TERMINALS] = {
	{.api = &api, .ctx = &terminals[0]},
	{.api = &api, .ctx = &terminals[1]},
};

SHELL_DEFINE(first, "", (struct shell_transport *)&transports[0], 0, 0, SHELL_FLAG_OLF_CRLF);
SHELL_DEFINE(second, "", (struct shell_transport *)&transports[1], 0, 0, SHELL_FLAG_OLF_CRLF);

void terminals_begin(void)
{
	static const struct shell_backend_config_flags flags = SHELL_DEFAULT_BACKEND_CONFIG_FLAGS;

	(void)shell_init(&first, NULL, flags, false, 0);
	(void)shell_init(&second, NULL, flags, false, 0);
	k_msleep(100);
}

void terminal_type(int number, const char *line)
{
	struct terminal *terminal = &terminals[number];

	terminal->length = 0;
	terminal->shown[0] = '\0';
	terminal->typed = line;
	terminal->handler(SHELL_TRANSPORT_EVT_RX_RDY, terminal->context);
}

bool terminal_shows(int number, const char *text, int milliseconds)
{
	int64_t end = k_uptime_get() + milliseconds;

	while (strstr(terminals[number].shown, text) == NULL) {
		if (k_uptime_get() >= end) {
			return false;
		}
		k_msleep(5);
	}
	return true;
}

const char *terminal_output(int number)
{
	return terminals[number].shown;
}
