/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions that the runtime calls besides the host APIs, on an app's thread in user mode.
 */

#include <string.h>

#include <zephyr/internal/syscall_handler.h>
#include <zephyr/kernel.h>

#include <zephyr_wasm/host.h>

#include "core/app.h"
#include "core/text.h"
#include "core/thread.h"
#include "zephyr_wasm_gate.h"

/* With -Wl,--wrap, callers of a function get the one with `__wrap_` here, which can call the
 * original by `__real_`. */
#define WRAPPED(name)                                                                              \
	__typeof__(zephyr_wasm_##name) __real_zephyr_wasm_##name, __wrap_zephyr_wasm_##name;

WRAPPED(started)
WRAPPED(stopped)
WRAPPED(loaded)
WRAPPED(host_begin)
WRAPPED(host_end)
WRAPPED(call_begin)
WRAPPED(call_end)
WRAPPED(is_in_call)
FUNC_NORETURN void __real_zephyr_wasm_panic(void);
FUNC_NORETURN void __wrap_zephyr_wasm_panic(void);

/* A kill waits for the checks of a system call, as for those of the gate, because they log. */
#define CHECKED(checks)                                                                            \
	do {                                                                                       \
		__real_zephyr_wasm_host_begin();                                                   \
		checks;                                                                            \
		__real_zephyr_wasm_host_end();                                                     \
	} while (false)

void z_impl_zephyr_wasm_user_entered(void)
{
	k_sched_unlock();
}

static inline void z_vrfy_zephyr_wasm_user_entered(void)
{
	/* Allowed once, before any code of the app runs: it releases the lock that the thread took
	 * before it entered user mode (thread.c). */
	CHECKED(K_OOPS(K_SYSCALL_VERIFY(_current->base.sched_locked != 0)));
	z_impl_zephyr_wasm_user_entered();
}
#include <zephyr/syscalls/zephyr_wasm_user_entered_mrsh.c>

void __wrap_zephyr_wasm_started(void *host)
{
	if (k_is_user_context()) {
		zephyr_wasm_user_started();
	} else {
		__real_zephyr_wasm_started(host);
	}
}

void z_impl_zephyr_wasm_user_started(void)
{
	/* The pools know what the app holds. What the app's own memory says about that is not
	 * trusted. */
	__real_zephyr_wasm_started(NULL);
}

static inline void z_vrfy_zephyr_wasm_user_started(void)
{
	CHECKED(K_OOPS(K_SYSCALL_VERIFY(zephyr_wasm_is_on_its_stack(_current->syscall_frame))));
	/* Allowed once, so that the app cannot change later what is known of its start. */
	CHECKED(K_OOPS(
		K_SYSCALL_VERIFY(zephyr_wasm_current() != NULL &&
				 zephyr_wasm_current()->state == ZEPHYR_WASM_STATE_STARTING)));
	z_impl_zephyr_wasm_user_started();
}
#include <zephyr/syscalls/zephyr_wasm_user_started_mrsh.c>

void __wrap_zephyr_wasm_stopped(void)
{
	if (!k_is_user_context()) {
		__real_zephyr_wasm_stopped();
	}
}

void __wrap_zephyr_wasm_loaded(void)
{
	if (k_is_user_context()) {
		zephyr_wasm_user_loaded();
	} else {
		__real_zephyr_wasm_loaded();
	}
}

/* In user mode, a kill may come at any time, because nothing there is needed to clean up after the
 * app. The gate marks the code in the kernel. */
#define MARK(name)                                                                                 \
	void __wrap_zephyr_wasm_##name(void)                                                       \
	{                                                                                          \
		if (!k_is_user_context()) {                                                        \
			__real_zephyr_wasm_##name();                                               \
		}                                                                                  \
	}

MARK(host_begin)
MARK(host_end)
MARK(call_begin)
MARK(call_end)

bool __wrap_zephyr_wasm_is_in_call(void)
{
	return !k_is_user_context() && __real_zephyr_wasm_is_in_call();
}

FUNC_NORETURN void __wrap_zephyr_wasm_panic(void)
{
	if (k_is_user_context()) {
		zephyr_wasm_user_end(ZEPHYR_WASM_END_PANICKED);
		CODE_UNREACHABLE;
	}
	__real_zephyr_wasm_panic();
}

void z_impl_zephyr_wasm_user_end(uint32_t end)
{
	zephyr_wasm_end_current((enum zephyr_wasm_end)end);
}

static inline void z_vrfy_zephyr_wasm_user_end(uint32_t end)
{
	CHECKED(K_OOPS(K_SYSCALL_VERIFY(end == ZEPHYR_WASM_END_PANICKED ||
					end == ZEPHYR_WASM_END_OUT_OF_MEMORY)));
	z_impl_zephyr_wasm_user_end(end);
}
#include <zephyr/syscalls/zephyr_wasm_user_end_mrsh.c>

/* How many bytes whoever has called a function of an app wants of the result. */
static size_t result_size_of(const struct zephyr_wasm_app *app)
{
	return app->call == NULL || app->call->function == NULL ? 0 : app->call->result_size;
}

void z_impl_zephyr_wasm_user_finish(uint32_t end, int32_t detail, const char *message,
				    const char *result)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();
	size_t result_size = result_size_of(app);

	if (result_size > 0) {
		memcpy(app->call->result, result, result_size - 1);
		app->call->result[result_size - 1] = '\0';
		/* Whoever called shows it, maybe on a terminal. */
		zephyr_wasm_disarm(app->call->result);
	}
	memcpy(app->message, message, sizeof(app->message) - 1);
	zephyr_wasm_note_end(app, (enum zephyr_wasm_end)end, detail);
	k_sleep(K_FOREVER);
}

static inline void z_vrfy_zephyr_wasm_user_finish(uint32_t end, int32_t detail, const char *message,
						  const char *result)
{
	K_OOPS(K_SYSCALL_VERIFY(zephyr_wasm_current() != NULL));
	/* Only ends that the runtime reports when it returns. The kernel notes the others. */
	CHECKED(K_OOPS(K_SYSCALL_VERIFY(
		end == ZEPHYR_WASM_END_RETURNED || end == ZEPHYR_WASM_END_TRAPPED ||
		end == ZEPHYR_WASM_END_VIOLATED || end == ZEPHYR_WASM_END_REFUSED)));
	/* The message has to be in memory that the app can write. Other memory that the kernel can
	 * read includes flash, of which not all is for apps. */
	CHECKED(K_OOPS(K_SYSCALL_MEMORY_WRITE((void *)message, ZEPHYR_WASM_MESSAGE_SIZE)));
	/* The same holds for the result. */
	CHECKED(K_OOPS(
		result_size_of(zephyr_wasm_current()) > 0 &&
		K_SYSCALL_MEMORY_WRITE((void *)result, result_size_of(zephyr_wasm_current()))));
	z_impl_zephyr_wasm_user_finish(end, detail, message, result);
}
#include <zephyr/syscalls/zephyr_wasm_user_finish_mrsh.c>
