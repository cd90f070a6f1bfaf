/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is left of an app that ended badly: where it was, and a dump of its memory.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log_ctrl.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/util.h>

#include "internal.h"
#include "rust.h"

#ifdef CONFIG_WASM_COREDUMP

/* Bytes on a line. */
#define LINE 32

/* A dump is more than the log holds at once. */
static void let_log_catch_up(void)
{
#if defined(CONFIG_LOG_PRINTK) && defined(CONFIG_LOG_MODE_DEFERRED)
	while (log_data_pending()) {
		log_thread_trigger();
		k_msleep(1);
	}
#endif
}

static size_t count_zeros(const uint8_t *bytes, size_t size)
{
	size_t count = 0;

	while (count < size && bytes[count] == 0) {
		count++;
	}
	return count;
}

/* Where another has left a line without its end, this begins one. */
#define RECORD "\r" ZEPHYR_WASM_DUMP_MARK

/* As rust/cli/src/dump.rs reads it. */
static void dump(const struct zephyr_wasm_app *app, uint32_t place, const uint8_t *memory,
		 size_t size)
{
	size_t at = 0;

	printk(RECORD "begin %s 0x%x %u\n", app->image->name, place, (unsigned int)size);
	while (at < size) {
		size_t zeros = count_zeros(&memory[at], size - at);
		char line[2 * LINE + 1];
		size_t length;

		if (zeros >= LINE) {
			printk(RECORD "0*%u\n", (unsigned int)zeros);
			at += zeros;
			continue;
		}
		length = MIN(LINE, size - at);
		(void)bin2hex(&memory[at], length, line, sizeof(line));
		printk(RECORD "%s\n", line);
		let_log_catch_up();
		at += length;
	}
	printk(RECORD "end\n");
}

#endif /* CONFIG_WASM_COREDUMP */

void zephyr_wasm_remains(uint32_t place, const uint8_t *memory, size_t size)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	/* An app tells once what remains of it: the dump may go to flash. */
	if (app != NULL && !app->has_told) {
		app->has_told = true;
		zephyr_wasm_remains_of(app, place, memory, size);
	}
}

void zephyr_wasm_remains_of(struct zephyr_wasm_app *app, uint32_t place, const uint8_t *memory,
			    size_t size)
{
	app->place = place;
#ifdef CONFIG_WASM_COREDUMP
	dump(app, place, memory, size);
#else
	ARG_UNUSED(memory);
	ARG_UNUSED(size);
#endif
}

static bool can_be_looked_at(enum zephyr_wasm_end end)
{
	/* After the others, its memory may be anything. */
	return end == ZEPHYR_WASM_END_KILLED || end == ZEPHYR_WASM_END_OUT_OF_MEMORY ||
	       end == ZEPHYR_WASM_END_UNRESPONSIVE;
}

void zephyr_wasm_remains_look(struct zephyr_wasm_app *app)
{
	if (app->host != NULL && can_be_looked_at(app->noted_end)) {
		zephyr_wasm_rs_remains(app->host, app);
	}
}

void zephyr_wasm_remains_tell(struct zephyr_wasm_app *app)
{
	size_t length = strlen(app->message);

	if (app->place != 0 && can_be_looked_at(app->noted_end)) {
		snprintk(&app->message[length], sizeof(app->message) - length, " at 0x%x",
			 app->place);
	}
}
