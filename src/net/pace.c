/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How often each app may make a request to the network.
 */

#include <zephyr/kernel.h>

#include "core/observer.h"
#include "core/slots.h"
#include "core/thread.h"
#include "core/timing.h"
#include "net.h"
#include "zephyr_wasm_manifest.h"

/* When each app may make its next request, by slot. */
static k_timepoint_t next_requests[CONFIG_WASM_MAX_APPS];

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	if (event == ZEPHYR_WASM_EVENT_TAKEN) {
		next_requests[zephyr_wasm_slot_of(app)] = (k_timepoint_t){0};
	}
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, net) = {.on = on};

void zephyr_wasm_net_pace(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		zephyr_wasm_pace(app, &next_requests[zephyr_wasm_slot_of(app)],
				 ZEPHYR_WASM_KEY_NET_INTERVAL_MS, CONFIG_WASM_NET_INTERVAL_MS);
	}
}
