/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The thread of an app where apps run in the kernel's mode. Only WebAssembly isolates them from the
 * kernel and from each other.
 */

#include <zephyr/kernel.h>

#include "entry.h"
#include "slots.h"
#include "thread.h"

static K_KERNEL_STACK_ARRAY_DEFINE(stacks, CONFIG_WASM_MAX_APPS, CONFIG_WASM_APP_STACK_SIZE);

size_t zephyr_wasm_stack_of(size_t slot, k_thread_stack_t **stack)
{
	*stack = stacks[slot];
	return K_KERNEL_STACK_SIZEOF(stacks[0]);
}

#ifdef CONFIG_WASM_COMPILED
/* Once a thread has used the registers for floats, the guard takes more bytes of its stack. */
#if defined(CONFIG_CPU_CORTEX_M) && defined(CONFIG_FPU_SHARING) && defined(CONFIG_MPU_STACK_GUARD)
#define FLOAT_GUARD (MPU_GUARD_ALIGN_AND_SIZE_FLOAT - MPU_GUARD_ALIGN_AND_SIZE)
#else
#define FLOAT_GUARD 0
#endif

uintptr_t zephyr_wasm_stack_start(void)
{
	size_t slot = zephyr_wasm_slot_of(zephyr_wasm_current());

	return (uintptr_t)K_KERNEL_STACK_BUFFER(stacks[slot]) + FLOAT_GUARD;
}
#endif

static void app_main(void *slot, void *unused1, void *unused2)
{
	struct zephyr_wasm_app *app = slot;
	struct zephyr_wasm_source source;
	struct zephyr_wasm_limits limits;
	int32_t detail;
	uint8_t end;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	end = zephyr_wasm_find_module(app, &source, &limits, &detail);
	if (end == ZEPHYR_WASM_END_NONE) {
		end = zephyr_wasm_rs_run(&source, app->call, &limits, &detail, app->message);
	}
	zephyr_wasm_note_end(app, end, detail);
	k_sleep(K_FOREVER);
}

void zephyr_wasm_make_thread(struct zephyr_wasm_app *app, int priority)
{
	k_thread_create(&app->thread, stacks[zephyr_wasm_slot_of(app)],
			K_KERNEL_STACK_SIZEOF(stacks[0]), app_main, app, NULL, NULL, priority, 0,
			K_FOREVER);
}
