/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checks an app as it is to run: its signature, its code, and what it needs from this image.
 *
 * The check runs on the thread of an app and in an app's memory, so that nothing in the file can do
 * more harm than an app could. It is done when the app is installed, and again after each start of
 * the board, because what flash says about an app is not trusted.
 */

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "core/app.h"
#include "store.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* A call without a function: the module is only checked. */
static const struct zephyr_wasm_call nothing;

int zephyr_wasm_check_load(const struct zephyr_wasm_image *image, struct zephyr_wasm_status *status)
{
	struct zephyr_wasm_app *app;
	int result = zephyr_wasm_start_for(image, &nothing, &app);

	if (result != 0) {
		return result;
	}
	result = zephyr_wasm_wait(app, K_SECONDS(CONFIG_WASM_STORE_CHECK_SECONDS), status);
	if (result == -EAGAIN) {
		(void)zephyr_wasm_kill(app);
		result = zephyr_wasm_wait(app, K_FOREVER, status);
	}
	/* Another thread may have released the app. Then its end is not known, and another app may
	 * be on its slot, whose end would say nothing about this one. */
	return result == 0 ? zephyr_wasm_release(app) : result;
}

bool zephyr_wasm_check_is_distrusted(const struct zephyr_wasm_status *status)
{
	return status->end == ZEPHYR_WASM_END_REFUSED &&
	       IN_RANGE(status->detail, ZEPHYR_WASM_REFUSED_UNSIGNED,
			ZEPHYR_WASM_REFUSED_BAD_SIGNATURE);
}

bool zephyr_wasm_check_found(struct entry *entry)
{
	static struct zephyr_wasm_status status;

	if (entry->image.validated || zephyr_wasm_check_load(&entry->image, &status) != 0) {
		/* There is no slot to check the version on. When it is started, it is checked, or
		 * the start fails. */
		return true;
	}
	entry->image.validated = status.end == ZEPHYR_WASM_END_RETURNED;
	if (zephyr_wasm_check_is_distrusted(&status)) {
		LOG_ERR("store: %s %s", entry->identity.name, status.message);
		entry->state = ENTRY_REFUSED;
	}
	/* Other reasons against the version are reported when it is started. */
	return entry->state != ENTRY_REFUSED;
}
