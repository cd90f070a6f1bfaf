/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What Zephyr's port to ARM lets code in user mode do to the kernel, unless this comes between.
 *
 * Of a fault, it reads what the processor has left on the stack, of which the app says where it is:
 * where nothing is, that is a fault in the handler of faults, which would end the firmware. So it
 * does of a system call. And where two faults are one behind the other, the second is that of a
 * thread that the first has ended.
 *
 * A system call goes on in the kernel with the state of the instruction that made it. In an IT
 * block, that is that the next ones, which are the kernel's, are left out: it would then take
 * another register of the app's for the stack to go back to, and write there with its own rights.
 */

#include <cmsis_core.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

#include "core/thread.h"
#include "zephyr_wasm_gate.h"

/* Of the number that says what an exception has interrupted: a thread. */
#define OF_THREAD BIT(3)

/* Where Zephyr looks at a text for an app, and goes on if it faults there: it prints that it was
 * there, and an app could go there itself as often as it likes. */
extern char z_arm_user_string_nlen_fault_start[];
extern char z_arm_user_string_nlen_fixup[];

void __real_z_arm_fault(uint32_t msp, uint32_t psp, uint32_t exc_return, void *registers);
void __wrap_z_arm_fault(uint32_t msp, uint32_t psp, uint32_t exc_return, void *registers);

static bool is_app_in_user_mode(uint32_t exc_return)
{
	return (exc_return & OF_THREAD) != 0 && (__get_CONTROL() & CONTROL_nPRIV_Msk) != 0 &&
	       zephyr_wasm_current() != NULL;
}

/* What the app's thread was in, if the processor could write that; it is the app's to change. */
static const struct arch_esf *frame_at(uint32_t psp)
{
	/* In flash, on most chips below every stack: to Zephyr, the thread's is full. It goes on
	 * nowhere, and where it is is no code, of which Zephyr would look at the instruction
	 * before: a name of code is odd, and ARMv8-M's baseline reads nothing there. */
	static const struct arch_esf unknown = {
		.basic = {.pc = (uint32_t)&unknown},
	};
	struct arch_esf *frame = (struct arch_esf *)psp;

	if (psp % sizeof(uint32_t) != 0 || arch_buffer_validate(frame, sizeof(*frame), 1) != 0) {
		/* The thread goes on nowhere, but what comes next may look. */
		__set_PSP(ROUND_UP(_current->stack_info.start, 8));
#ifdef CONFIG_ARMV7_M_ARMV8_M_MAINLINE
		/* Where flash is behind memory, as i.MX RT has it, the stack is not full, and
		 * Zephyr asserts that then the processor could write to it. */
		if ((uintptr_t)&unknown >= (uintptr_t)_current->stack_obj) {
			/* Bits that are written are cleared. */
			SCB->CFSR = SCB_CFSR_MSTKERR_Msk;
		}
#endif
		return &unknown;
	}
	/* Names of code are odd numbers; where it is, is even. */
	if (IN_RANGE(frame->basic.pc | 1, (uint32_t)z_arm_user_string_nlen_fault_start,
		     (uint32_t)z_arm_user_string_nlen_fixup)) {
		frame->basic.pc = unknown.basic.pc;
	}
#ifdef CONFIG_ARMV8_M_BASELINE
	/* Behind an instruction that is the kernel's own for that, in flash, any fault is what r0
	 * says: also a spurious interrupt, which is no app's. */
	frame->basic.r0 = K_ERR_CPU_EXCEPTION;
#endif
	return frame;
}

/* Where its stack is may be another fault, which would come next: by then, the thread is ended and
 * nobody's, and what faults there is the firmware. */
static void forget_others(void)
{
#ifdef CONFIG_ARMV7_M_ARMV8_M_MAINLINE
	SCB->SHCSR &= ~(SCB_SHCSR_USGFAULTPENDED_Msk | SCB_SHCSR_MEMFAULTPENDED_Msk |
			SCB_SHCSR_BUSFAULTPENDED_Msk);
	/* Bits that are written are cleared. */
	SCB->CFSR = SCB->CFSR;
#endif
}

void __wrap_z_arm_fault(uint32_t msp, uint32_t psp, uint32_t exc_return, void *registers)
{
	bool is_app = is_app_in_user_mode(exc_return);

	if (is_app) {
		psp = (uint32_t)frame_at(psp);
	}
	__real_z_arm_fault(msp, psp, exc_return, registers);
	if (is_app) {
		forget_others();
	}
}

#ifdef CONFIG_ARMV7_M_ARMV8_M_MAINLINE
void __real_z_arm_svc(void);
void __wrap_z_arm_svc(void);

/* What the processor could not leave on the stack of a call is a fault of the same priority, and
 * waits until that is served: Zephyr would look there for which it is. It comes first. */
__used __attribute__((naked)) void __wrap_z_arm_svc(void)
{
	/* SCB->SHCSR: one of usage, of memory or of the bus is pending. */
	__asm__ volatile("movw r0, #0xed24\n"
			 "movt r0, #0xe000\n"
			 "ldr r0, [r0]\n"
			 "tst r0, #0x7000\n"
			 "it ne\n"
			 "bxne lr\n"
			 "b.w __real_z_arm_svc\n");
}
#endif

void __wrap_z_arm_do_syscall(void);

/* An IT block has four instructions at most, of which one was the call. */
__used __attribute__((naked)) void __wrap_z_arm_do_syscall(void)
{
	__asm__ volatile("nop\n"
			 "nop\n"
			 "nop\n"
			 "b.w __real_z_arm_do_syscall\n");
}
