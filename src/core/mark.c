/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What holds a kill off. The runtime marks every host call as it begins and ends, by code that is
 * generated with the call; user/gate.c does where apps are in user mode. So whatever a host call
 * takes, a driver's lock or a resource that is not noted yet, is given back before a kill comes.
 * Only what waits without end opens the mark, and holds nothing meanwhile.
 */

#include <zephyr/kernel.h>

#include "app.h"
#include "halt.h"
#include "mark.h"
#include "thread.h"

/* The app of the calling thread, which is one's. The kernel's own word for the thread costs no
 * call, as thread-local storage does: this is in the way of each host call. */
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

/* Called by the runtime around each host call, on the threads of apps only. What may run on
 * another, as what closes an app's resources does, has zephyr_wasm_host_begin(). */
void zephyr_wasm_call_begin(void)
{
	/* A thread that is no app's has no mark: this would write behind it. */
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
