/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Limits how often apps may write to flash, which wears out.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include <zephyr_wasm/store.h>

#include "core/app.h"
#include "core/thread.h"
#include "writes.h"
#include "zephyr_wasm_declared.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

#define MS_PER_HOUR (3600 * MSEC_PER_SEC)

/* Adds the writes that an app has earned since the last time: @p an_hour per hour, up to @p
 * at_once. */
static void earn(struct zephyr_wasm_writer *of, uint32_t an_hour, uint32_t at_once)
{
	int64_t now = k_uptime_get();
	int64_t earned = an_hour == 0 ? 0 : (now - of->until) * an_hour / MS_PER_HOUR;

	if (earned + of->left >= at_once) {
		of->left = at_once;
		of->until = now;
	} else if (earned > 0) {
		of->left += (uint32_t)earned;
		of->until += earned * MS_PER_HOUR / an_hour;
	}
}

/* Returns the count of an app. A new app takes an unused place, or that of the app that has the
 * most writes left. */
static struct zephyr_wasm_writer *writer_of(struct zephyr_wasm_writes *writes, const char *name)
{
	struct zephyr_wasm_writer *least = &writes->writers[0];

	for (size_t i = 0; i < ARRAY_SIZE(writes->writers); i++) {
		struct zephyr_wasm_writer *one = &writes->writers[i];

		if (strncmp(one->name, name, ZEPHYR_WASM_NAME_SIZE - 1) == 0) {
			return one;
		}
		if (least->name[0] != '\0' && (one->name[0] == '\0' || one->left > least->left)) {
			least = one;
		}
	}
	*least = (struct zephyr_wasm_writer){.left = writes->at_once, .until = k_uptime_get()};
	strncpy(least->name, name, ZEPHYR_WASM_NAME_SIZE - 1);
	return least;
}

bool zephyr_wasm_may_write(struct zephyr_wasm_writes *writes, uint32_t count)
{
	const struct zephyr_wasm_app *app = zephyr_wasm_current();
	const struct zephyr_wasm_image *image;
	struct zephyr_wasm_writer *of;
	uint32_t an_hour;

	if (app == NULL) {
		return true;
	}
	image = app->image;
	an_hour = zephyr_wasm_rs_setting(image->wasm, image->size, writes->setting, UINT32_MAX);
	an_hour = MIN(writes->an_hour, an_hour);
	of = writer_of(writes, image->name);
	earn(of, an_hour, writes->at_once);
	if (of->left < count) {
		LOG_DBG("%s: not written: it may write %u times an hour (%s in its manifest)",
			image->name, an_hour, writes->setting);
		return false;
	}
	of->left -= count;
	return true;
}
