/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions of env.h. What an app says is shown as ASCII, so that it cannot control a terminal.
 */

#include <zephyr/sys/printk.h>

#include "env.h"

static int32_t show(const char *text)
{
	int32_t length = 0;

	for (; text[length] != '\0'; length++) {
		printk("%c", text[length] >= ' ' && text[length] <= '~' ? text[length] : '?');
	}
	return length;
}

int32_t env_puts(const char *line)
{
	int32_t length = show(line);

	printk("\n");
	return length;
}

void env_show(const char *name, double value)
{
	(void)show(name);
	/* Not each libc shows floating-point numbers. */
	printk(": %d thousandths\n", (int)(value * 1000.0));
}
