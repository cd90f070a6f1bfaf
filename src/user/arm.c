/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Guards Zephyr's port to ARM against apps in user mode. docs/upstream has each fault.
 *
 * - Faults: Zephyr reads what the processor has left on the app's stack, and the app chooses where
 *   its stack pointer points. If there is no memory, the fault handler faults, which is fatal to
 *   the firmware. The same holds for a system call. And if two faults come one after the other, the
 *   second is taken for one of the thread that runs after the first has ended the app.
 * - IT blocks: a system call continues in the kernel with the state of the instruction that made
 *   it. If that was in an IT block, the processor skips the next instructions, which are the
 *   kernel's. Then the kernel would take another register of the app for the stack to return to,
 *   and write there with its own rights.
 */

#include <cmsis_core.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

#include "core/thread.h"
#include "zephyr_wasm_gate.h"

/* The bit of EXC_RETURN that says that the exception has interrupted a thread. */
#define OF_THREAD BIT(3)

/* The code with which Zephyr reads a string of an app. A fault there is handled, and logged. An app
 * can jump there itself, and have that logged as often as it likes. */
extern char z_arm_user_string_nlen_fault_start[];
extern char z_arm_user_string_nlen_fixup[];

/* Zephyr has no header for this. */
extern void z_arm_fatal_error(unsigned int reason, const struct arch_esf *frame);

void __real_z_arm_fault(uint32_t msp, uint32_t psp, uint32_t exc_return, void *registers);
void __wrap_z_arm_fault(uint32_t msp, uint32_t psp, uint32_t exc_return, void *registers);

static bool is_app_in_user_mode(uint32_t exc_return)
{
	return (exc_return & OF_THREAD) != 0 && (__get_CONTROL() & CONTROL_nPRIV_Msk) != 0 &&
	       zephyr_wasm_current() != NULL;
}

/* Returns the frame that the processor has left on the app's stack, or another one if the processor
 * could not write it. The app can change the frame. */
static const struct arch_esf *frame_at(uint32_t psp)
{
	/* A frame in flash, which on most chips is at a lower address than every stack, so that
	 * Zephyr takes the stack for full. The thread does not continue at `pc`. But Zephyr would
	 * read the instruction before `pc` if that could be code. It is no address of code, because
	 * those are odd. ARMv8-M's baseline reads nothing there. */
	static const struct arch_esf unknown = {
		.basic = {.pc = (uint32_t)&unknown},
	};
	struct arch_esf *frame = (struct arch_esf *)psp;

	if (psp % sizeof(uint32_t) != 0 || arch_buffer_validate(frame, sizeof(*frame), 1) != 0) {
		/* The thread does not continue, but code that follows may read the stack pointer.
		 */
		__set_PSP(ROUND_UP(_current->stack_info.start, 8));
#ifdef CONFIG_ARMV7_M_ARMV8_M_MAINLINE
		/* Where flash is at a higher address than RAM, as on i.MX RT, Zephyr does not take
		 * the stack for full. Then it asserts that the processor could write the frame. */
		if ((uintptr_t)&unknown >= (uintptr_t)_current->stack_obj) {
			/* Bits that are written are cleared. */
			SCB->CFSR = SCB_CFSR_MSTKERR_Msk;
		}
#endif
		return &unknown;
	}
	/* Symbols of code are odd numbers, and the program counter is even. */
	if (IN_RANGE(frame->basic.pc | 1, (uint32_t)z_arm_user_string_nlen_fault_start,
		     (uint32_t)z_arm_user_string_nlen_fixup)) {
		frame->basic.pc = unknown.basic.pc;
	}
#ifdef CONFIG_ARMV8_M_BASELINE
	/* After an instruction in flash by which the kernel reports a fatal error, Zephyr takes r0
	 * for the reason of any fault. That could be a spurious interrupt, for which no app is
	 * ended. */
	frame->basic.r0 = K_ERR_CPU_EXCEPTION;
#endif
	return frame;
}

/* Clears other pending faults of the app, such as that of stacking the frame. They would come next,
 * when the thread has ended and no app is the current one, and would be fatal to the firmware. */
static void forget_others(void)
{
#ifdef CONFIG_ARMV7_M_ARMV8_M_MAINLINE
	SCB->SHCSR &= ~(SCB_SHCSR_USGFAULTPENDED_Msk | SCB_SHCSR_MEMFAULTPENDED_Msk |
			SCB_SHCSR_BUSFAULTPENDED_Msk);
	/* Bits that are written are cleared. */
	SCB->CFSR = SCB->CFSR;
#endif
}

/* Whether this is a hard fault of which the processor says nothing, which Zephyr asserts cannot be.
 * QEMU has it for a breakpoint, of which processors say that it was one. */
static bool is_untold(void)
{
#ifdef CONFIG_ARMV7_M_ARMV8_M_MAINLINE
	return __get_IPSR() == HardFault_IRQn + 16 && SCB->CFSR == 0 &&
	       (SCB->HFSR & (SCB_HFSR_VECTTBL_Msk | SCB_HFSR_DEBUGEVT_Msk)) == 0;
#else
	return false;
#endif
}

void __wrap_z_arm_fault(uint32_t msp, uint32_t psp, uint32_t exc_return, void *registers)
{
	bool is_app = is_app_in_user_mode(exc_return);

	if (is_app) {
		psp = (uint32_t)frame_at(psp);
	}
	if (is_app && is_untold()) {
		struct arch_esf frame = {.basic = ((const struct arch_esf *)psp)->basic};

		/* As Zephyr does it: the app has written whether this is an exception in another
		 * one, which would be fatal to the firmware. */
		arch_irq_unlock(0);
		frame.basic.xpsr &= ~IPSR_ISR_Msk;
		z_arm_fatal_error(K_ERR_CPU_EXCEPTION, &frame);
		return;
	}
	__real_z_arm_fault(msp, psp, exc_return, registers);
	if (is_app) {
		forget_others();
	}
}

#ifdef CONFIG_ARMV7_M_ARMV8_M_MAINLINE
void __real_z_arm_svc(void);
void __wrap_z_arm_svc(void);

/* If the processor cannot stack the frame of a system call, that is a fault of the same priority,
 * which waits until the system call is served. Zephyr would read on the stack which call it is. So
 * this returns first if such a fault is pending. */
__used __attribute__((naked)) void __wrap_z_arm_svc(void)
{
	/* Reads SCB->SHCSR: whether a usage, memory or bus fault is pending. */
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

/* An IT block has at most four instructions, and the system call was one of them. So the processor
 * can skip at most these three. */
__used __attribute__((naked)) void __wrap_z_arm_do_syscall(void)
{
	__asm__ volatile("nop\n"
			 "nop\n"
			 "nop\n"
			 "b.w __real_z_arm_do_syscall\n");
}
