/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps on threads of their own. cooperative.c is in its place where they share one.
 */

#include <zephyr/kernel.h>

#include "internal.h"

#ifdef CONFIG_WASM_USERSPACE
#include "user/zephyr_wasm_gate.h"
#define STACK_SIZE K_THREAD_STACK_SIZEOF(zephyr_wasm_stacks[0])

K_THREAD_STACK_ARRAY_DEFINE(zephyr_wasm_stacks, CONFIG_WASM_MAX_APPS, CONFIG_WASM_APP_STACK_SIZE);
#else
#define STACK_SIZE K_KERNEL_STACK_SIZEOF(zephyr_wasm_stacks[0])

static K_KERNEL_STACK_ARRAY_DEFINE(zephyr_wasm_stacks, CONFIG_WASM_MAX_APPS,
				   CONFIG_WASM_APP_STACK_SIZE);
#endif

struct zephyr_wasm_app *zephyr_wasm_current(void)
{
	struct zephyr_wasm_app *app = CONTAINER_OF(k_current_get(), struct zephyr_wasm_app, thread);

	return zephyr_wasm_is_slot(app) ? app : NULL;
}

void zephyr_wasm_carry(struct zephyr_wasm_app *app, int priority)
{
	k_thread_create(&app->thread, zephyr_wasm_stacks[zephyr_wasm_slot_of(app)], STACK_SIZE,
			zephyr_wasm_app_main, app, NULL, NULL, priority, 0, K_FOREVER);
#ifdef CONFIG_WASM_USERSPACE
	zephyr_wasm_user_confine(app);
#endif
	k_thread_name_set(&app->thread, app->image->name);
}

void zephyr_wasm_put_down(struct zephyr_wasm_app *app)
{
	k_thread_abort(&app->thread);
}

void zephyr_wasm_end_sleep(struct zephyr_wasm_app *app)
{
	k_wakeup(&app->thread);
}

void zephyr_wasm_thread_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status)
{
#ifdef CONFIG_INIT_STACKS
	size_t unused;

	if (k_thread_stack_space_get(&app->thread, &unused) == 0) {
		status->stack_peak = STACK_SIZE - unused;
	}
#endif
#ifdef CONFIG_THREAD_RUNTIME_STATS
	struct k_thread_runtime_stats stats;

	if (k_thread_runtime_stats_get(&app->thread, &stats) == 0) {
		status->run_cycles = stats.execution_cycles;
	}
#endif
#ifdef CONFIG_SCHED_THREAD_USAGE_ANALYSIS
	status->wakeups = app->thread.base.usage.num_windows;
#endif
	ARG_UNUSED(app);
	ARG_UNUSED(status);
}
