/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A version that was not tested enough.
 */

#include <zephyr_wasm_guest.h>

int32_t exports_app_run(void)
{
	guest_info("hello to nobody");
	guest_sleep_ms(200);
	return 7;
}
