/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board that resets as soon as its apps are started: it comes up without them in the end. That
 * start lasts, so the next one has them again. Then its watchdog is fed while apps can be ended,
 * and resets the board as soon as they cannot.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/reboot.h>

#include <zephyr_wasm/zephyr_wasm.h>

/* What has been seen of this before this start, in memory that a reset leaves alone. */
static __noinit uint32_t seen;

#define WITHOUT_APPS 0x5ee75ee7U
#define STUCK        0x57ac57acU

static void hang(struct k_work *work)
{
	ARG_UNUSED(work);
	k_sleep(K_FOREVER);
}

static K_WORK_DEFINE(hanging, hang);

int main(void)
{
	int started;

	if (seen == STUCK) {
		seen = 0;
		printk("reset by the watchdog\n");
		return 0;
	}
	started = zephyr_wasm_start_all();
	if (started == -ECANCELED) {
		printk("came up without apps\n");
		seen = WITHOUT_APPS;
		k_sleep(K_SECONDS(3));
		sys_reboot(SYS_REBOOT_WARM);
	}
	printk("%d apps were started\n", started);
	if (seen != WITHOUT_APPS) {
		sys_reboot(SYS_REBOOT_WARM);
	}
	printk("this start lasts\n");
	k_sleep(K_SECONDS(3));
	printk("three seconds are well\n");
	seen = STUCK;
	k_work_submit(&hanging);
	printk("the system's work queue stands still\n");
	return 0;
}
