/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board that resets as soon as its apps are started: it comes up without them in the end. That
 * start lasts, so the next one has them again.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/reboot.h>

#include <zephyr_wasm/zephyr_wasm.h>

/* Whether the guard has come in already, in memory that a reset leaves alone. */
static __noinit uint32_t seen;

#define SEEN 0x5ee75ee7U

int main(void)
{
	int started = zephyr_wasm_start_all();

	if (started == -ECANCELED) {
		printk("came up without apps\n");
		seen = SEEN;
		k_sleep(K_SECONDS(3));
		sys_reboot(SYS_REBOOT_WARM);
	}
	printk("%d apps were started\n", started);
	if (seen != SEEN) {
		sys_reboot(SYS_REBOOT_WARM);
	}
	printk("this start lasts\n");
	return 0;
}
