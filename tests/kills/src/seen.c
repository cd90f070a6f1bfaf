/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which function in C an app is in. One app at a time makes calls here.
 */

#include "core/thread.h"
#include "seen.h"
#include "slow.h"

static uint8_t current_kind;
static volatile size_t inside = SEEN_NONE;

void seen_kind(uint8_t kind)
{
	inside = SEEN_NONE;
	current_kind = kind;
}

size_t seen_inside(void)
{
	return inside;
}

uint32_t seen_begin(size_t function)
{
	if (zephyr_wasm_current() == NULL) {
		return 0;
	}
	inside = function;
	seen[function].calls++;
	if (seen[function].calls == 1) {
		seen[function].kind = current_kind;
	}
	/* What a server's thread, say, transfers meanwhile is not the app's. */
	return slow_watch(k_current_get());
}

void seen_end(size_t function, uint32_t before)
{
	if (zephyr_wasm_current() != NULL) {
		inside = SEEN_NONE;
		if (slow_watch(k_current_get()) != before) {
			seen[function].transfers++;
			seen[function].kind = current_kind;
		}
	}
}
