/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts the apps that the build embedded, and says so: a board that is reset says it again.
 */

#include <zephyr/sys/printk.h>

#include <zephyr_wasm/zephyr_wasm.h>

int main(void)
{
	printk("the board starts\n");
	zephyr_wasm_start_all();
	return 0;
}
