/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps a kill from coming while an app is in a host call.
 *
 * Generated code marks each host call when it begins and ends; where apps are in user mode,
 * user/gate.c does. A kill waits for the end. So whatever a host call takes, such as a driver's
 * lock or a resource that has no owner yet, is released before the kill comes. A call that may wait
 * for long opens the mark while it waits, and holds nothing meanwhile.
 */

#include <zephyr/kernel.h>

#include "app.h"
#include "halt.h"
#include "mark.h"
#include "thread.h"

/* The app of the calling thread, which has to be an app's. `_current` is the kernel's own variable:
 * reading it takes no call, as thread-local storage does. This runs in each host call. */
static ALWAYS_INLINE struct zephyr_wasm_app *caller(void)
{
#ifdef CONFIG_WASM_COOPERATIVE
	return zephyr_wasm_current();
#else
	return CONTAINER_OF(_current, struct zephyr_wasm_app, thread);
#endif
}

__noinline void zephyr_wasm_meet(struct zephyr_wasm_app *app)
{
	if (app->mark.pending_end != ZEPHYR_WASM_END_NONE) {
		zephyr_wasm_end_current(app->mark.pending_end);
	}
	zephyr_wasm_give_priority(app);
	zephyr_wasm_halt_current(app);
}

/* Called by the runtime around each host call, only on threads of apps. Code that may also run on
 * another thread, such as the closing of an app's resources, calls zephyr_wasm_host_begin(). */
void zephyr_wasm_call_begin(void)
{
	/* A thread that is no app's has no mark, and this would write behind it. */
	__ASSERT(zephyr_wasm_current() != NULL, "a host call on a thread that is no app's");
	zephyr_wasm_mark_begin(caller());
}

void zephyr_wasm_call_end(void)
{
	zephyr_wasm_mark_end(caller());
}

bool zephyr_wasm_is_in_call(void)
{
	return caller()->mark.depth > 0;
}

void zephyr_wasm_host_begin(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		zephyr_wasm_mark_begin(app);
	}
}

void zephyr_wasm_host_end(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		zephyr_wasm_mark_end(app);
	}
}

int zephyr_wasm_take(struct k_sem *event, k_timeout_t timeout)
{
	int result;

	zephyr_wasm_wait_begin();
	result = k_sem_take(event, timeout);
	zephyr_wasm_wait_end();
	return result;
}
