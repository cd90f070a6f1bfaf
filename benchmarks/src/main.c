/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs each guest alone, and then what it was made from in C: a line of JSON for each. Under QEMU
 * with -icount, a cycle of the board's clock is a known number of instructions, which
 * benchmarks/run turns one into the other with.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "guests.h"
#include "switches.h"

static void measure(const struct guest *guest)
{
	/* What the guest before it has written of the same memory, and this one's start clears. */
	static size_t written;
	struct usage usage;
	int32_t result = 0;
	int32_t native_result = 0;
	uint32_t begin = k_cycle_get_32();
	uint32_t loaded;
	uint32_t ended;
	uint32_t native = 0;
	int error = engine_load(guest);

	loaded = k_cycle_get_32();
	if (error == 0) {
		error = engine_run(&result);
	}
	ended = k_cycle_get_32();
	engine_unload(&usage);
	if (guest->native != NULL) {
		native = k_cycle_get_32();
		native_result = guest->native();
		native = k_cycle_get_32() - native;
		if (error == 0 && native_result != result) {
			printk("%s: returned %d, and natively %d\n", guest->name, (int)result,
			       (int)native_result);
			error = -1;
		}
	}
	printk("{\"guest\": \"%s\", \"error\": %d, \"wasm_bytes\": %u, \"load_cycles\": %u, "
	       "\"run_cycles\": %u, \"native_cycles\": %u, \"heap_peak\": %u, "
	       "\"linear_memory\": %u, \"stack_peak\": %u, \"cleared\": %u}\n",
	       guest->name, error, (unsigned int)guest->size,
	       (unsigned int)(loaded - begin + usage.loading_cycles),
	       (unsigned int)(ended - loaded - usage.loading_cycles), (unsigned int)native,
	       (unsigned int)usage.heap_peak, (unsigned int)usage.linear_memory,
	       (unsigned int)usage.stack_peak, (unsigned int)written);
	written = usage.heap_peak;
}

/* What it takes to fill memory, as the kernel does with a stack that is to be measured, and the
 * engine with an app's memory. */
static void measure_filling(void)
{
	static uint8_t memory[8192];
	uint32_t begin = k_cycle_get_32();

	memset(memory, 0xaa, sizeof(memory));
	printk("{\"filled_bytes\": %u, \"cycles\": %u}\n", (unsigned int)sizeof(memory),
	       (unsigned int)(k_cycle_get_32() - begin));
}

int main(void)
{
	printk("{\"engine\": \"%s\", \"clock_hz\": %u, \"native\": \"%s\"}\n", engine_name(),
	       (unsigned int)sys_clock_hw_cycles_per_sec(), BENCHMARK_LEVEL);
	measure_filling();
	for (size_t i = 0; i < guest_count; i++) {
		measure(&guests[i]);
	}
	measure_switches();
	printk("measured\n");
	return 0;
}
