/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts the app that pytest/ talks to.
 */

#include <zephyr_wasm/zephyr_wasm.h>

int main(void)
{
	zephyr_wasm_start_all();
	return 0;
}
