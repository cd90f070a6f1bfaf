/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A firmware with two host APIs of its own: one implemented in Rust, one in C.
 */

#include <zephyr_wasm/zephyr_wasm.h>

int main(void)
{
	zephyr_wasm_start_all();
	return 0;
}
