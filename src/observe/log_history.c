/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The last of what each app has logged, as lines.
 */

#include <string.h>

#include <zephyr/kernel.h>

#include "core/internal.h"

static struct k_spinlock lock;

static void put(struct zephyr_wasm_log_history *history, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		history->bytes[history->end++ % sizeof(history->bytes)] = text[i];
	}
}

void zephyr_wasm_log_keep(struct zephyr_wasm_app *app, char level, const char *line)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	const char start[] = {level, ' '};

	put(&app->log_history, start, sizeof(start));
	put(&app->log_history, line, strlen(line));
	put(&app->log_history, "\n", 1);
	k_spin_unlock(&lock, key);
}

size_t zephyr_wasm_log_read(struct zephyr_wasm_app *app, uint32_t *offset, char *text, size_t size)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	const struct zephyr_wasm_log_history *history = &app->log_history;
	size_t count;

	/* What is gone, or was of a run before this one. */
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
