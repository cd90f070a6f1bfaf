/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Attacks on how much an app may hold.
 */

#include "attacks.h"

/* Host APIs, as the Rust side calls them. */
int32_t zephyr_wasm_timer_start(uint64_t duration, bool periodic);
void zephyr_wasm_timer_close(uint32_t number);
int32_t zephyr_wasm_sockets_create(bool is_tcp, bool is_ipv6);

/* As its manifest has them; there are more of each in the image. */
#define MOST_TIMERS  2
#define MOST_HANDLES 4

BUILD_ASSERT(CONFIG_WASM_TIMER_COUNT > MOST_TIMERS + 2 && CONFIG_WASM_SOCKET_COUNT > MOST_HANDLES &&
	     CONFIG_WASM_APP_HANDLE_COUNT > MOST_HANDLES);

static int take_timers(void)
{
	int taken = 0;

	while (taken < CONFIG_WASM_TIMER_COUNT &&
	       zephyr_wasm_timer_start(NSEC_PER_SEC, false) >= 0) {
		taken++;
	}
	return taken;
}

static int take_sockets(void)
{
	int taken = 0;

	while (taken < CONFIG_WASM_SOCKET_COUNT && zephyr_wasm_sockets_create(false, false) >= 0) {
		taken++;
	}
	return taken;
}

/* Goes on if that is another number than its manifest has. */
void hoard(enum attack which)
{
	int32_t timer = zephyr_wasm_timer_start(NSEC_PER_SEC, false);
	bool is_kept = false;

	if (timer < 0) {
		return;
	}
	switch (which) {
	case HOARDS_TIMERS:
		is_kept = take_timers() == MOST_TIMERS - 1;
		break;
	case HOARDS_HANDLES:
		is_kept = take_sockets() == MOST_HANDLES - 1;
		break;
	default:
		/* What it gives back it may have again, and no more. */
		zephyr_wasm_timer_close(timer);
		is_kept = take_timers() == MOST_TIMERS &&
			  take_sockets() == MOST_HANDLES - MOST_TIMERS;
		break;
	}
	if (is_kept) {
		k_oops();
	}
}
