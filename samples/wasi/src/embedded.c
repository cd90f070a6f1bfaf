/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts the program that the build embedded.
 */

#include <zephyr_wasm/zephyr_wasm.h>

int main(void)
{
	zephyr_wasm_start_all();
	return 0;
}
