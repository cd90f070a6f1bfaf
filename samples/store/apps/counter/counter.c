/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr_wasm_guest.h>

int32_t exports_app_run(void)
{
	char text[] = "count 0";

	while (true) {
		guest_info(text);
		text[6] = text[6] == '9' ? '0' : text[6] + 1;
		guest_sleep_ms(700);
	}
}
