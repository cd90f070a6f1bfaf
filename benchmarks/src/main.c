/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs each embedded app alone, and prints a line of JSON about it. Under QEMU with -icount, a
 * cycle of the board's clock is a known number of instructions: scripts/measure turns one into the
 * other.
 */

#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/printk.h>

#include <zephyr_wasm/zephyr_wasm.h>

int main(void)
{
	printk("{\"clock_hz\": %u}\n", (unsigned int)sys_clock_hw_cycles_per_sec());
	STRUCT_SECTION_FOREACH(zephyr_wasm_image, image) {
		struct zephyr_wasm_app *app;
		struct zephyr_wasm_status status;
		uint32_t begin = k_cycle_get_32();
		uint32_t all;

		if (zephyr_wasm_start(image, &app) != 0) {
			continue;
		}
		zephyr_wasm_wait(app, K_FOREVER, &status);
		all = k_cycle_get_32() - begin;
		printk("{\"app\": \"%s\", \"wasm_bytes\": %u, \"start_cycles\": %u, "
		       "\"all_cycles\": %u, "
		       "\"heap_peak\": %u, \"linear_memory\": %u, \"stack_peak\": %u, \"end\": %d, "
		       "\"detail\": %d}\n",
		       image->name, (unsigned int)image->size, status.start_cycles, all,
		       (unsigned int)status.heap_peak, (unsigned int)status.linear_memory,
		       (unsigned int)status.stack_peak, status.end, (int)status.detail);
		zephyr_wasm_release(app);
	}
	printk("measured\n");
	return 0;
}
