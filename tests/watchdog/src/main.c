/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The watchdog is fed while apps can be ended, and resets the board as soon as they cannot.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <zephyr_wasm/zephyr_wasm.h>

/* Whether the queue was brought to a halt before this start, in memory that a reset leaves alone.
 */
static __noinit uint32_t stuck;

#define STUCK 0x57ac57acU

static void hang(struct k_work *work)
{
	ARG_UNUSED(work);
	k_sleep(K_FOREVER);
}

static K_WORK_DEFINE(hanging, hang);

int main(void)
{
	if (stuck == STUCK) {
		stuck = 0;
		printk("reset by the watchdog\n");
		return 0;
	}
	zephyr_wasm_start_all();
	k_sleep(K_SECONDS(2));
	printk("two seconds are well\n");
	stuck = STUCK;
	k_work_submit(&hanging);
	printk("the system's work queue stands still\n");
	return 0;
}
