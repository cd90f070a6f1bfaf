/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board whose apps arrive over the wire.
 */

#include <zephyr_wasm/store.h>

int main(void)
{
	(void)zephyr_wasm_start_all();
	return 0;
}
