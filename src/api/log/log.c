/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API wasi:logging, by Zephyr's log.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "core/app.h"
#include "core/observer.h"
#include "core/text.h"
#include "core/thread.h"
#include "observe/log_rate.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* Levels as in wit/log.wit. */
enum level {
	LEVEL_TRACE,
	LEVEL_DEBUG,
	LEVEL_INFO,
	LEVEL_WARN,
	LEVEL_ERROR,
	LEVEL_CRITICAL,
};

static size_t append(char *line, size_t used, const char *text, size_t length)
{
	length = MIN(length, CONFIG_WASM_LOG_MESSAGE_SIZE - used);
	memcpy(&line[used], text, length);
	return used + length;
}

void zephyr_wasm_log(uint32_t level, const char *context, size_t context_length,
		     const char *message, size_t message_length)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();
	const char *name = app == NULL ? "?" : app->image->name;
	char line[CONFIG_WASM_LOG_MESSAGE_SIZE + 1];
	size_t used = 0;

	if (app != NULL && (level < app->log_level || !zephyr_wasm_log_counts(app))) {
		return;
	}
	if (context_length > 0) {
		used = append(line, used, context, context_length);
		used = append(line, used, ": ", 2);
	}
	used = append(line, used, message, message_length);
	line[used] = '\0';
	/* Control characters are removed, so that an app cannot write commands for the terminal. */
	zephyr_wasm_disarm(line);

	if (app != NULL) {
		zephyr_wasm_tell_logged(app, level, line);
	}
	switch ((enum level)level) {
	case LEVEL_TRACE:
	case LEVEL_DEBUG:
		LOG_DBG("%s: %s", name, line);
		break;
	case LEVEL_INFO:
		LOG_INF("%s: %s", name, line);
		break;
	case LEVEL_WARN:
		LOG_WRN("%s: %s", name, line);
		break;
	default:
		LOG_ERR("%s: %s", name, line);
		break;
	}
}
