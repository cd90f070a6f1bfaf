/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps the last lines that each app has logged, in a ring of CONFIG_WASM_LOG_HISTORY_SIZE bytes,
 * for "zephyr-wasm logs".
 */

#include <string.h>

#include <zephyr/kernel.h>

#include "core/app.h"
#include "core/observer.h"
#include "core/slots.h"
#include "log_history.h"

struct history {
	/* How many bytes the app has logged in all. Modulo the size, this is the place of the next
	 * byte. */
	uint32_t end;
	char bytes[CONFIG_WASM_LOG_HISTORY_SIZE];
};

/* By slot. */
static struct history histories[CONFIG_WASM_MAX_APPS];

static struct k_spinlock lock;

static void put(struct history *history, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		history->bytes[history->end++ % sizeof(history->bytes)] = text[i];
	}
}

/* Keeps a line, after the letter of its level, or `-` for the app's end. */
static void keep(const struct zephyr_wasm_app *app, char level, const char *line)
{
	struct history *history = &histories[zephyr_wasm_slot_of(app)];
	k_spinlock_key_t key = k_spin_lock(&lock);
	const char start[] = {level, ' '};

	put(history, start, sizeof(start));
	put(history, line, strlen(line));
	put(history, "\n", 1);
	k_spin_unlock(&lock, key);
}

static void logged(struct zephyr_wasm_app *app, uint32_t level, const char *line)
{
	static const char letters[] = "TDIWEC";

	keep(app, letters[MIN(level, sizeof(letters) - 2)], line);
}

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	if (event == ZEPHYR_WASM_EVENT_TAKEN) {
		histories[zephyr_wasm_slot_of(app)] = (struct history){0};
	} else if (event == ZEPHYR_WASM_EVENT_ENDED) {
		keep(app, '-', app->message);
	}
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, log_history) = {.on = on, .logged = logged};

size_t zephyr_wasm_log_read(struct zephyr_wasm_app *app, uint32_t *offset, char *text, size_t size)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	const struct history *history = &histories[zephyr_wasm_slot_of(app)];
	size_t count;

	/* The reader is too late, and the bytes are overwritten; or it has the offset of an earlier
	 * app. */
	if (*offset > history->end || history->end - *offset > sizeof(history->bytes)) {
		*offset = history->end - MIN(history->end, sizeof(history->bytes));
	}
	count = MIN(size, history->end - *offset);
	for (size_t i = 0; i < count; i++) {
		text[i] = history->bytes[(*offset + i) % sizeof(history->bytes)];
	}
	k_spin_unlock(&lock, key);
	return count;
}
