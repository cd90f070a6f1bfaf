/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Never gives the processor back.
 */

#include <zephyr_wasm_guest.h>

int32_t exports_app_run(void)
{
	volatile uint32_t rounds = 0;

	guest_info("spinning");
	while (true) {
		rounds++;
	}
	return 0;
}
