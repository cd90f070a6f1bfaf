/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board whose apps arrive over the wire.
 */

#include <zephyr/sys/printk.h>

#include <zephyr_wasm/store.h>

int main(void)
{
	int count = zephyr_wasm_start_all();

	printk("started %d apps, %u bytes are free\n", count,
	       (unsigned int)zephyr_wasm_store_free());
	return 0;
}
