/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Closes Zephyr's system calls to apps in user mode, except for those in open_calls.txt. An app
 * that makes another one ends as one that faulted. All other threads may make all of them.
 */

#include <zephyr/internal/syscall_handler.h>
#include <zephyr/kernel.h>
#include <zephyr/syscall_list.h>

#include "core/mark.h"
#include "core/thread.h"
#include "zephyr_wasm_gate.h"

#define ARGUMENTS                                                                                  \
	uintptr_t arg1, uintptr_t arg2, uintptr_t arg3, uintptr_t arg4, uintptr_t arg5,            \
		uintptr_t arg6, void *ssf

/* The registers and the stack of the calling thread are arguments of the system call. They have to
 * be passed on as they are, which C cannot express. */
#if defined(CONFIG_ARM)

/* ip is the system call's handler; its last three arguments are on the stack. This also suits the
 * baseline of ARMv8-M. */
#define LOOK                                                                                       \
	"push {r0-r3}\n"                                                                           \
	"mov r1, ip\n"                                                                             \
	"mov r2, lr\n"                                                                             \
	"push {r1, r2}\n"                                                                          \
	"ldr r0, [sp, #32]\n"                                                                      \
	"bl zephyr_wasm_refuse_apps\n"                                                             \
	"pop {r1, r2}\n"                                                                           \
	"mov ip, r1\n"                                                                             \
	"mov lr, r2\n"                                                                             \
	"pop {r0-r3}\n"                                                                            \
	"bx ip\n"
#define LOOK_AT(call)                                                                              \
	"movw ip, #:lower16:" call "\n"                                                            \
	"movt ip, #:upper16:" call "\n"                                                            \
	"b.w zephyr_wasm_look\n"

#elif defined(CONFIG_RISCV)

BUILD_ASSERT(!IS_ENABLED(CONFIG_64BIT) && !IS_ENABLED(CONFIG_RISCV_ISA_RV32E),
	     "the registers of RV32I");

/* t2 is the system call's handler; a0 to a6 are its arguments. */
#define LOOK                                                                                       \
	"addi sp, sp, -48\n"                                                                       \
	"sw ra, 0(sp)\n"                                                                           \
	"sw t2, 4(sp)\n"                                                                           \
	"sw a0, 8(sp)\n"                                                                           \
	"sw a1, 12(sp)\n"                                                                          \
	"sw a2, 16(sp)\n"                                                                          \
	"sw a3, 20(sp)\n"                                                                          \
	"sw a4, 24(sp)\n"                                                                          \
	"sw a5, 28(sp)\n"                                                                          \
	"sw a6, 32(sp)\n"                                                                          \
	"mv a0, a6\n"                                                                              \
	"call zephyr_wasm_refuse_apps\n"                                                           \
	"lw ra, 0(sp)\n"                                                                           \
	"lw t2, 4(sp)\n"                                                                           \
	"lw a0, 8(sp)\n"                                                                           \
	"lw a1, 12(sp)\n"                                                                          \
	"lw a2, 16(sp)\n"                                                                          \
	"lw a3, 20(sp)\n"                                                                          \
	"lw a4, 24(sp)\n"                                                                          \
	"lw a5, 28(sp)\n"                                                                          \
	"lw a6, 32(sp)\n"                                                                          \
	"addi sp, sp, 48\n"                                                                        \
	"jr t2\n"
#define LOOK_AT(call)                                                                              \
	"la t2, " call "\n"                                                                        \
	"tail zephyr_wasm_look\n"

#else
#error "src/user/closed.c does not know this processor: system calls would be open to apps"
#endif

/* Called from assembler only. */
void zephyr_wasm_refuse_apps(void *ssf);
void zephyr_wasm_look(void);

/* Marks an app that is about to end as in a host call, so that a kill or a halt waits. The end is
 * logged before, while other threads may run. A kill in the middle of that would leave a reserved
 * part of the log that is never filled, and the log would print nothing after it. Returns false on
 * threads that are no app's. */
static bool is_app_that_ends(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app == NULL) {
		return false;
	}
	zephyr_wasm_mark_begin(app);
	return true;
}

__used void zephyr_wasm_refuse_apps(void *ssf)
{
	if (is_app_that_ends()) {
		arch_syscall_oops(ssf);
	}
}

__used __attribute__((naked)) void zephyr_wasm_look(void)
{
	__asm__ volatile(LOOK);
}

/* In the place of a number without a system call. Zephyr's own handler for that is static. */
static uintptr_t bad_call(ARGUMENTS)
{
	ARG_UNUSED(arg1);
	ARG_UNUSED(arg2);
	ARG_UNUSED(arg3);
	ARG_UNUSED(arg4);
	ARG_UNUSED(arg5);
	ARG_UNUSED(arg6);
	(void)is_app_that_ends();
	arch_syscall_oops(ssf);
	CODE_UNREACHABLE;
}

#define OPEN(call) uintptr_t z_mrsh_##call(ARGUMENTS);

/* The check for a system call that the firmware has opened to apps, and that knows nothing of them.
 */
static inline void look_at_stack(void *ssf)
{
	if (zephyr_wasm_current() != NULL && !zephyr_wasm_is_on_its_stack(ssf)) {
		(void)is_app_that_ends();
		arch_syscall_oops(ssf);
	}
}

#define OPENED(call)                                                                               \
	uintptr_t z_mrsh_##call(ARGUMENTS);                                                        \
	static uintptr_t opened_##call(ARGUMENTS)                                                  \
	{                                                                                          \
		look_at_stack(ssf);                                                                \
		return z_mrsh_##call(arg1, arg2, arg3, arg4, arg5, arg6, ssf);                     \
	}

/* A system call that ends its caller. */
#define LAST(call)                                                                                 \
	uintptr_t z_mrsh_##call(ARGUMENTS);                                                        \
	static uintptr_t last_##call(ARGUMENTS)                                                    \
	{                                                                                          \
		(void)is_app_that_ends();                                                          \
		return z_mrsh_##call(arg1, arg2, arg3, arg4, arg5, arg6, ssf);                     \
	}

#define CLOSED(call)                                                                               \
	uintptr_t z_mrsh_##call(ARGUMENTS);                                                        \
	static __attribute__((naked)) uintptr_t closed_##call(ARGUMENTS)                           \
	{                                                                                          \
		__asm__ volatile(LOOK_AT("z_mrsh_" #call));                                        \
	}

/* Takes the place of Zephyr's _k_syscall_table. */
extern const _k_syscall_handler_t __wrap__k_syscall_table[K_SYSCALL_LIMIT];

#include "zephyr_wasm_calls.c"
