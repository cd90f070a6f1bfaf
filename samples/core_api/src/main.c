/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A firmware whose apps import plain functions, without WIT.
 */

#include <zephyr_wasm/zephyr_wasm.h>

int main(void)
{
	zephyr_wasm_start_all();
	return 0;
}
