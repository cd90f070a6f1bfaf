/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Counts how often each app calls which host API, and the most resources that it holds at once. An
 * image without this option has none of the code: zephyr-wasm-declare generates wrappers of the
 * host calls (zephyr_wasm_wrapped.c), and the linker puts our wrapper before
 * zephyr_wasm_pool_take() (-Wl,--wrap).
 */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

#include "core/app.h"
#include "core/observer.h"
#include "core/pool.h"
#include "core/slots.h"
#include "core/thread.h"
#include "metrics.h"

/* By slot, since the app's last start. */
static struct {
	/* How often it has called each host API, in the order of zephyr_wasm_counted. */
	uint32_t calls[ZEPHYR_WASM_COUNTED_MAX];
	/* The most resources that it held at once. */
	size_t held_peak;
} counts[CONFIG_WASM_MAX_APPS];

/* In user mode, the gate counts (user/gate.c). */
#ifndef CONFIG_WASM_USERSPACE
#define COUNT(api) zephyr_wasm_count(api)
#include "zephyr_wasm_wrapped.c"
#endif

void zephyr_wasm_count(size_t api)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL && api < ARRAY_SIZE(counts[0].calls)) {
		/* Written out instead of calling zephyr_wasm_slot_of(), because the call would cost
		 * time in every host call. */
		counts[app - zephyr_wasm_apps].calls[api]++;
	}
}

__typeof__(zephyr_wasm_pool_take) __real_zephyr_wasm_pool_take, __wrap_zephyr_wasm_pool_take;

int32_t __wrap_zephyr_wasm_pool_take(const struct zephyr_wasm_pool *pool)
{
	const struct zephyr_wasm_app *app = zephyr_wasm_current();
	int32_t result = __real_zephyr_wasm_pool_take(pool);

	if (app != NULL) {
		size_t *peak = &counts[zephyr_wasm_slot_of(app)].held_peak;
		size_t held = zephyr_wasm_pools_count(app);

		*peak = MAX(*peak, held);
	}
	return result;
}

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	if (event == ZEPHYR_WASM_EVENT_TAKEN || event == ZEPHYR_WASM_EVENT_CLAIMED) {
		memset(&counts[zephyr_wasm_slot_of(app)], 0, sizeof(counts[0]));
	}
}

static void status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status)
{
	status->held_peak = counts[zephyr_wasm_slot_of(app)].held_peak;
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, metrics) = {.on = on, .status = status};

uint32_t zephyr_wasm_calls_of(const struct zephyr_wasm_app *app)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(counts[0].calls); i++) {
		sum += counts[zephyr_wasm_slot_of(app)].calls[i];
	}
	return sum;
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
	calls->count = counts[zephyr_wasm_slot_of(app)].calls[index];
	return 0;
}
