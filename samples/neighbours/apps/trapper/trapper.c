/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Follows a pointer that it should not.
 */

#include <zephyr_wasm_guest.h>

int32_t exports_app_run(void)
{
	volatile uint8_t *wild = (volatile uint8_t *)0x7fffffff;

	guest_sleep_ms(250);
	guest_info("following a wild pointer");
	return *wild;
}
