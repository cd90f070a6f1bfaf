/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finds the module of an app, and has the functions by which the runtime reports its progress. All
 * of this runs on the app's thread.
 */

#include <zephyr/kernel.h>

#include "images.h"
#include "module.h"
#include "observer.h"
#include "thread.h"

/* The limits of the image. */
static const struct zephyr_wasm_limits most = {ZEPHYR_WASM_LIMITS_OF_IMAGE};

/* Asks the origins about a module. Returns 0 if it is to run, or the first other answer. */
static int ask_origins(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source,
		       struct zephyr_wasm_limits *limits)
{
	ZEPHYR_WASM_FOREACH_ORIGIN(origin) {
		int result = origin->finds == NULL ? 0 : origin->finds(app, source, limits);

		if (result != 0) {
			return result;
		}
	}
	return 0;
}

uint8_t zephyr_wasm_find_module(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source,
				struct zephyr_wasm_limits *limits, int32_t *detail)
{
	const struct zephyr_wasm_image *image = app->image;
	int result;

	*limits = most;
	*source = (struct zephyr_wasm_source){
		.wasm = image->wasm,
		.size = image->size,
		.validated = image->validated,
#ifdef CONFIG_WASM_COMPILED
		.entry = (const void *)image->entry,
#endif
	};
	/* Marked as a host call, because an origin may read a file or flash. */
	zephyr_wasm_host_begin();
	result = ask_origins(app, source, limits);
	zephyr_wasm_host_end();
	app->compiled = result == 0 && source->entry != NULL;
	*detail = MAX(result, 0);
	return result > 0   ? ZEPHYR_WASM_END_REFUSED
	       : result < 0 ? ZEPHYR_WASM_END_RETURNED
			    : ZEPHYR_WASM_END_NONE;
}

/* Called by the runtime when it has taken what it needs from the module, or has refused it. */
void zephyr_wasm_loaded(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		zephyr_wasm_tell(app, ZEPHYR_WASM_EVENT_LOADED);
	}
}

/* Called by the runtime just before the app's first instruction. */
void zephyr_wasm_started(void *host)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		app->state = ZEPHYR_WASM_STATE_RUNNING;
		app->host = host;
		app->start_cycles = k_cycle_get_32() - app->start_cycles;
	}
}

/* Called by the runtime after the app's last instruction, when the app holds nothing any more. */
void zephyr_wasm_stopped(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		app->host = NULL;
	}
}

/* Replaced in a firmware that adds host APIs: by host_apis! in Rust, and by zephyr_wasm_api() in
 * CMake. */
__weak void zephyr_wasm_add_apis(void *added)
{
	ARG_UNUSED(added);
}

#ifdef CONFIG_WASM_NATIVE_SIM_CLOCK
/* Called by the runtime after every 10,000 instructions of an app. */
void zephyr_wasm_slice_ended(void)
{
	k_busy_wait(100);
}
#endif
