/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Says hello, and ends.
 */

#include <zephyr_wasm_guest.h>

int32_t exports_app_run(void)
{
	guest_info("hello from C");
	return 0;
}
