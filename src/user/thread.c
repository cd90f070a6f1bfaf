/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What happens on an app's thread in user mode.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "core/internal.h"
#include "zephyr_wasm_gate.h"

static void run(void *region, void *unused1, void *unused2)
{
	struct zephyr_wasm_user *user = region;
	uint8_t end;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	zephyr_wasm_user_entered();
	end = zephyr_wasm_rs_run(&user->source, user->call, &user->limits, &user->detail,
				 user->message);
	zephyr_wasm_user_finish(end, user->detail, user->message);
}

/* Flash can be read in user mode; what is elsewhere has to be in the app's own memory. */
static bool make_readable(struct zephyr_wasm_user *user)
{
	struct zephyr_wasm_source *source = &user->source;

	zephyr_wasm_user_show(source->wasm, source->size);
	if (arch_buffer_validate(source->wasm, source->size, false) == 0) {
		return true;
	}
	user->copy = sys_heap_alloc(&user->heap, source->size);
	if (user->copy == NULL) {
		return false;
	}
	memcpy(user->copy, source->wasm, source->size);
	source->wasm = user->copy;
	return true;
}

uint8_t zephyr_wasm_user_enter(struct zephyr_wasm_app *app, const struct zephyr_wasm_source *source,
			       const struct zephyr_wasm_limits *limits, int32_t *detail)
{
	struct zephyr_wasm_user *user = zephyr_wasm_user_of(zephyr_wasm_slot_of(app));

	user->source = *source;
	user->limits = *limits;
	user->call = app->call;
	if (!make_readable(user)) {
		*detail = ZEPHYR_WASM_REFUSED_MEMORY;
		(void)snprintk(app->message, sizeof(app->message),
			       "its %u bytes are not in flash, and do not fit its region: raise "
			       "CONFIG_WASM_APP_HEAP_SIZE",
			       (unsigned int)source->size);
		return ZEPHYR_WASM_END_REFUSED;
	}
	/* On ARM, Zephyr moves the guard of the stack before it says where to: a switch to another
	 * thread and back meanwhile finds it nowhere (an assertion, or a guard over what is below
	 * the stack). */
	k_sched_lock();
	k_thread_user_mode_enter(run, user, NULL, NULL);
}
