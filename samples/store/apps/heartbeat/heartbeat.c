/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the board does before anything is installed.
 */

#include <zephyr_wasm_guest.h>

int32_t exports_app_run(void)
{
	guest_info("this board is alive");
	while (true) {
		guest_sleep_ms(10000);
	}
}
