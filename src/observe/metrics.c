/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How often each app calls which host API. zephyr-wasm-declare writes what counts.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

#include "core/internal.h"
#include "core/pool.h"

#ifndef CONFIG_WASM_USERSPACE
#define COUNT(api) zephyr_wasm_count(api)
#include "zephyr_wasm_wrapped.c"
#endif

void zephyr_wasm_count(size_t api)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL && api < ARRAY_SIZE(app->calls)) {
		app->calls[api]++;
	}
}

void zephyr_wasm_count_held(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		app->held_peak = MAX(app->held_peak, zephyr_wasm_pools_count(app));
	}
}

int zephyr_wasm_calls(struct zephyr_wasm_app *app, size_t index, struct zephyr_wasm_calls *calls)
{
	if (!zephyr_wasm_is_loaded(app)) {
		return -EINVAL;
	}
	if (index >= zephyr_wasm_counted_count) {
		return -ENOENT;
	}
	calls->api = zephyr_wasm_counted[index];
	calls->count = app->calls[index];
	return 0;
}
