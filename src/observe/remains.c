/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is reported of an app that ended badly: where its code was, and a dump of its memory.
 */

#include <stdarg.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log_ctrl.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/util.h>

#include <zephyr_wasm/host.h>

#include "core/app.h"
#include "core/mark.h"
#include "core/observer.h"
#include "core/region.h"
#include "core/slots.h"
#include "core/thread.h"
#include "core/wall.h"
#include "remains.h"
#include "zephyr_wasm_declared.h"

/* By slot, of the app's last run. */
static struct {
	/* Where the app was when it ended; 0 if not known. */
	uint32_t place;
	/* The app's place and memory were reported. */
	bool has_told;
} ends[CONFIG_WASM_MAX_APPS];

#ifdef CONFIG_WASM_COREDUMP

/* How many bytes of memory are in a record. Each record is a line. */
#define LINE 32

/* In milliseconds. USUAL is how long the log may take for a line, which is enough for a slow
 * console. PATIENCE is by how much it may be late during the whole dump. Without that, another app
 * that computes, and keeps the log's thread from the processor, would keep this app from ending. */
#define USUAL    100
#define PATIENCE 500

/* Waits until the log has printed everything, because a dump is larger than the log's buffer.
 * Returns false if the log's thread does not get the processor for that. */
static bool log_gets_on(int64_t *patience)
{
#if defined(CONFIG_LOG_PRINTK) && defined(CONFIG_LOG_MODE_DEFERRED)
	int64_t usual = k_uptime_get() + USUAL;

	while (log_data_pending()) {
		if (k_uptime_get() >= usual + *patience) {
			return false;
		}
		log_thread_trigger();
		k_msleep(1);
	}
	*patience -= MAX(k_uptime_get() - usual, 0);
#else
	ARG_UNUSED(patience);
#endif
	return true;
}

/* How long a dump keeps the processor from others at a time, in microseconds. */
#define AT_ONCE 5000

/* Prints a record. Without a log, this thread waits for the console, and it is more urgent than the
 * threads of apps. So it sleeps from time to time, for as long as it has run. */
static void put(uint32_t *busy, const char *format, ...)
{
	uint32_t began = k_cycle_get_32();
	uint32_t cycles;
	va_list arguments;

	va_start(arguments, format);
	vprintk(format, arguments);
	va_end(arguments);
	cycles = k_cycle_get_32() - began;
	*busy += k_cyc_to_us_ceil32(cycles);
	if (*busy >= AT_ONCE) {
		(void)k_usleep((int32_t)MIN(*busy, INT32_MAX));
		*busy = 0;
	}
}

static size_t count_zeros(const uint8_t *bytes, size_t size)
{
	size_t count = 0;

	while (count < size && bytes[count] == 0) {
		count++;
	}
	return count;
}

/* The carriage return makes a record begin a line even after an unfinished line. */
#define RECORD "\r" ZEPHYR_WASM_DUMP_MARK

/* Prints the app's memory in the format of rust/cli/src/dump.rs. */
static void dump(const struct zephyr_wasm_app *app, uint32_t place, const uint8_t *memory,
		 size_t size)
{
	int64_t last = k_uptime_get() + CONFIG_WASM_COREDUMP_SECONDS * MSEC_PER_SEC;
	int64_t patience = PATIENCE;
	uint32_t busy = 0;
	size_t at = 0;

	put(&busy, RECORD "begin %s 0x%x %u\n", app->image->name, place, (unsigned int)size);
	/* The tool recognizes a dump that is cut because bytes are missing. */
	while (at < size && k_uptime_get() < last && log_gets_on(&patience)) {
		size_t length = count_zeros(&memory[at], size - at);
		char line[2 * LINE + 1];

		if (length >= LINE) {
			put(&busy, RECORD "0*%u\n", (unsigned int)length);
		} else {
			length = MIN(LINE, size - at);
			(void)bin2hex(&memory[at], length, line, sizeof(line));
			put(&busy, RECORD "%s\n", line);
		}
		at += length;
		zephyr_wasm_let_kill_come();
	}
	put(&busy, RECORD "end\n");
}

#endif /* CONFIG_WASM_COREDUMP */

void zephyr_wasm_remains(uint32_t place, const uint8_t *memory, size_t size)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	/* Only once, and for no more memory than an app has: an app in user mode can call this
	 * itself. */
	if (app == NULL || ends[zephyr_wasm_slot_of(app)].has_told ||
	    !zephyr_wasm_holds(size <= CONFIG_WASM_APP_HEAP_SIZE)) {
		return;
	}
	ends[zephyr_wasm_slot_of(app)].has_told = true;
	/* Marked as a host call, so that a kill comes only between two records. A kill in the
	 * middle of one would leave a reserved part of the log that is never filled, and the log
	 * would print nothing after it. In user mode, the gate does this. */
	if (!IS_ENABLED(CONFIG_WASM_USERSPACE)) {
		zephyr_wasm_host_begin();
	}
	zephyr_wasm_remains_of(app, place, memory, size);
	if (!IS_ENABLED(CONFIG_WASM_USERSPACE)) {
		zephyr_wasm_host_end();
	}
}

void zephyr_wasm_remains_of(struct zephyr_wasm_app *app, uint32_t place, const uint8_t *memory,
			    size_t size)
{
	ends[zephyr_wasm_slot_of(app)].place = place;
#ifdef CONFIG_WASM_COREDUMP
#ifndef CONFIG_WASM_USERSPACE
	/* A kill may come while the memory is moved to grow. Then the size is the new one, but the
	 * address is still the old one, and memory after it may belong to another app. In user
	 * mode, the gate has checked both. */
	size = zephyr_wasm_region_has(app, memory, size) ? size : 0;
#endif
	dump(app, place, memory, size);
#else
	ARG_UNUSED(memory);
	ARG_UNUSED(size);
#endif
}

static bool can_be_looked_at(enum zephyr_wasm_end end)
{
	/* After any other end, such as a fault or a panic, the engine's data of the app may be
	 * inconsistent. */
	return end == ZEPHYR_WASM_END_KILLED || end == ZEPHYR_WASM_END_OUT_OF_MEMORY ||
	       end == ZEPHYR_WASM_END_UNRESPONSIVE;
}

/* Has the runtime report the place and memory of an app that could not do so itself, because its
 * thread was aborted. Its memory is still there. */
static void look(struct zephyr_wasm_app *app)
{
	if (app->host != NULL && can_be_looked_at(app->noted_end)) {
		zephyr_wasm_rs_remains(app->host, app);
	}
}

/* Appends the app's place to the message of its end. */
static void tell(struct zephyr_wasm_app *app)
{
	size_t length = strlen(app->message);
	uint32_t place = ends[zephyr_wasm_slot_of(app)].place;

	if (place != 0 && can_be_looked_at(app->noted_end)) {
		snprintk(&app->message[length], sizeof(app->message) - length, " at 0x%x", place);
	}
}

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	switch (event) {
	case ZEPHYR_WASM_EVENT_TAKEN:
	case ZEPHYR_WASM_EVENT_CLAIMED:
		memset(&ends[zephyr_wasm_slot_of(app)], 0, sizeof(ends[0]));
		break;
	case ZEPHYR_WASM_EVENT_ABORTED:
		look(app);
		break;
	case ZEPHYR_WASM_EVENT_DESCRIBED:
		tell(app);
		break;
	default:
		break;
	}
}

static void status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status)
{
	if (status->state == ZEPHYR_WASM_STATE_ENDED ||
	    status->state == ZEPHYR_WASM_STATE_BACKING_OFF) {
		status->place = ends[zephyr_wasm_slot_of(app)].place;
	}
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, remains) = {.on = on, .status = status};
