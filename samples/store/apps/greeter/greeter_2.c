/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr_wasm_guest.h>

int32_t exports_app_run(void)
{
	while (true) {
		guest_info("hello again");
		guest_sleep_ms(500);
	}
}
