/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:watchdog, by Zephyr's task watchdog.
 */

#include <errno.h>

#include <zephyr/devicetree.h>
#include <zephyr/drivers/watchdog.h>
#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/task_wdt/task_wdt.h>

#include "core/names.h"
#include "observe/log_rate.h"
#include "zephyr_wasm_declared.h"

/* The channel of a watchdog that has not been fed yet. */
#define NO_CHANNEL (-1)

#define NODE DT_COMPAT_GET_ANY_STATUS_OKAY(zephyr_wasm_watchdogs)
#define ENTRY(node)                                                                                \
	{                                                                                          \
		.name = DT_NODE_FULL_NAME(node),                                                   \
		.timeout_ms = DT_PROP(node, timeout_ms),                                           \
		.channel = NO_CHANNEL,                                                             \
	},

static struct watchdog {
	const char *name;
	uint32_t timeout_ms;
	int channel;
} watchdogs[] = {
#if DT_HAS_COMPAT_STATUS_OKAY(zephyr_wasm_watchdogs)
	DT_FOREACH_CHILD_STATUS_OKAY(NODE, ENTRY)
#endif
};

#ifndef CONFIG_TASK_WDT_DUMMY
BUILD_ASSERT(ARRAY_SIZE(watchdogs) <= CONFIG_TASK_WDT_CHANNELS,
	     "CONFIG_TASK_WDT_CHANNELS: fewer than the watchdogs that the devicetree has for apps "
	     "(zephyr-wasm,watchdogs)");
#endif

/* Whether the task watchdog is initialised. If it is not, Zephyr gives out channels, and never
 * checks them. If the firmware initialises it, that is done before apps start. */
static bool is_ready = !IS_ENABLED(CONFIG_WASM_WATCHDOG_INIT);

int32_t zephyr_wasm_watchdog_feed_by_name(const char *name, size_t length)
{
	int32_t place = zephyr_wasm_find_name(watchdogs, ARRAY_SIZE(watchdogs),
					      sizeof(watchdogs[0]), name, length);
	struct watchdog *watchdog;

	if (place < 0) {
		return FAILURE_UNKNOWN;
	}
	watchdog = &watchdogs[place];
	/* Locked, so that no other thread starts the watchdog at the same time, and no kill comes
	 * before its channel is stored. */
	k_sched_lock();
	if (is_ready && watchdog->channel < 0) {
		/* Without a callback, a watchdog that is not fed resets the board. */
		watchdog->channel = task_wdt_add(watchdog->timeout_ms, NULL, NULL);
	} else if (is_ready) {
		(void)task_wdt_feed(watchdog->channel);
	}
	k_sched_unlock();
	if (watchdog->channel < 0) {
		zephyr_wasm_failed();
		return FAILURE_LIMIT;
	}
	return 0;
}

#ifdef CONFIG_WASM_WATCHDOG_INIT
static int init(void)
{
	const struct device *hardware = NULL;
	int result;

#if defined(CONFIG_TASK_WDT_HW_FALLBACK) && !defined(CONFIG_WASM_WATCHDOG) &&                      \
	DT_NODE_HAS_STATUS_OKAY(DT_ALIAS(watchdog0))
	hardware = DEVICE_DT_GET(DT_ALIAS(watchdog0));
#endif
	result = hardware == NULL || device_is_ready(hardware) ? task_wdt_init(hardware) : -ENODEV;
	is_ready = result == 0;
	return result;
}

SYS_INIT(init, APPLICATION, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);
#endif
