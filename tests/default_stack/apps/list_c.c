/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Asks for a list, whose memory the host takes from it by calling back.
 */

#include <zephyr_wasm_guest.h>

int32_t exports_app_run(void)
{
	app_list_u8_t bytes;

	wasi_random_random_get_random_bytes(16, &bytes);
	guest_info("asked");
	return bytes.len == 16 ? 0 : 1;
}
