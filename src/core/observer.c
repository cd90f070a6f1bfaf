/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tells all observers of an event in an app's life.
 */

#include "observer.h"

void zephyr_wasm_tell(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	ZEPHYR_WASM_FOREACH_OBSERVER(observer) {
		if (observer->on != NULL) {
			observer->on(app, event);
		}
	}
}
