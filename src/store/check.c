/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checks an app as it is to run: its signature, its code, and what it needs of this image. That is
 * done on the thread of an app, in an app's memory, so that nothing in the file can hurt more than
 * that; as it is installed, and once more after each start of the board: what flash says of an app
 * is no reason to run it.
 */

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "core/app.h"
#include "store.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* A call of nothing: the module is only looked at. */
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
	/* Somebody else may have released it: then nobody knows how it ended, and its slot may be
	 * another's, whose end is no check. */
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
		/* Without a slot to check it on, its start says so, or checks it. */
		return true;
	}
	entry->image.validated = status.end == ZEPHYR_WASM_END_RETURNED;
	if (zephyr_wasm_check_is_distrusted(&status)) {
		LOG_ERR("store: %s %s", entry->identity.name, status.message);
		entry->state = ENTRY_REFUSED;
	}
	/* What else there is to say of it, its start says, too. */
	return entry->state != ENTRY_REFUSED;
}
