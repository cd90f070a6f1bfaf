/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Counts starts of the board that did not last, in memory that a reset does not clear. A board that
 * resets again and again then comes up without apps, so that an operator can reach it and remove
 * the app that causes it.
 */

#include <errno.h>

#include <zephyr/cache.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "core/observer.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* Distinguishes the counter from what the memory contains by chance after a loss of power. */
#define MARK 0x7a77626fU

static __noinit struct {
	uint32_t mark;
	uint32_t starts;
	uint32_t check;
} kept;

static void keep(uint32_t starts)
{
	kept.mark = MARK;
	kept.starts = starts;
	kept.check = ~starts;
	/* A reset loses what is in the cache only, as on Cortex-M7. */
	(void)sys_cache_data_flush_range(&kept, sizeof(kept));
}

static void lasted(struct k_work *work)
{
	ARG_UNUSED(work);
	keep(0);
}

static K_WORK_DELAYABLE_DEFINE(lasting, lasted);

/* Counts this start of the board, once. Returns an error if too many starts have not lasted. */
static int starts_all(void)
{
	static bool counted;
	bool known = kept.mark == MARK && kept.check == ~kept.starts;

	if (!counted) {
		counted = true;
		keep(known ? kept.starts + 1 : 1);
		(void)k_work_schedule(&lasting, K_SECONDS(CONFIG_WASM_BOOT_GUARD_SECONDS));
	}
	if (kept.starts > CONFIG_WASM_BOOT_GUARD_START_COUNT) {
		LOG_ERR("no app is started: %d starts of the board did not last %d seconds "
			"(CONFIG_WASM_BOOT_GUARD_START_COUNT)",
			CONFIG_WASM_BOOT_GUARD_START_COUNT, CONFIG_WASM_BOOT_GUARD_SECONDS);
		return -ECANCELED;
	}
	return 0;
}

/* Priority 10, so that it can refuse before an observer with a higher number, such as the store,
 * starts apps. */
ZEPHYR_WASM_OBSERVER_DEFINE(10, boot_guard) = {.starts_all = starts_all};
