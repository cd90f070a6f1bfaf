/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Enters the code of a compiled app, and leaves it. A call that returns leaves normally. A trap,
 * and a host call that fails, leave by a long jump to the innermost call. All of this runs on the
 * app's thread, with its rights and on its stack.
 *
 * For `zephyr-wasm run --compiled`, this file is compiled behind the code of an app, which has
 * zephyr_wasm/compiled.h at its head. The two sizes are options of the compiler then.
 */

#ifdef __ZEPHYR__
#include <zephyr/kernel.h>
#include <zephyr_wasm/compiled.h>

#include "core/entry.h"
#include "zephyr_wasm_declared.h"

BUILD_ASSERT(CONFIG_WASM_APP_STACK_SIZE > CONFIG_WASM_COMPILED_STACK_MARGIN,
	     "CONFIG_WASM_APP_STACK_SIZE has nothing beyond CONFIG_WASM_COMPILED_STACK_MARGIN");
/* What an app logs is on its stack, and below that what Zephyr's log needs. In user mode, it is on
 * a stack of the kernel's. */
#if defined(CONFIG_WASM_LOG_MESSAGE_SIZE) && !defined(CONFIG_WASM_USERSPACE)
BUILD_ASSERT(CONFIG_WASM_COMPILED_STACK_MARGIN >= 1024 + CONFIG_WASM_LOG_MESSAGE_SIZE,
	     "CONFIG_WASM_LOG_MESSAGE_SIZE is too large for CONFIG_WASM_COMPILED_STACK_MARGIN");
#endif
/* The first call that asks for random numbers seeds the generator. */
#if defined(CONFIG_CTR_DRBG_CSPRNG_GENERATOR) && !defined(CONFIG_WASM_USERSPACE) &&                \
	(defined(CONFIG_WASM_API_RANDOM) || defined(CONFIG_WASM_WASI))
BUILD_ASSERT(CONFIG_WASM_COMPILED_STACK_MARGIN >= 2048,
	     "CONFIG_WASM_COMPILED_STACK_MARGIN is too small for CONFIG_CTR_DRBG_CSPRNG_GENERATOR");
#endif
/* Bluetooth asks for some behind its own host, to make an address. */
#if defined(CONFIG_CTR_DRBG_CSPRNG_GENERATOR) && defined(CONFIG_WASM_API_BLE)
BUILD_ASSERT(CONFIG_WASM_COMPILED_STACK_MARGIN >= 2560,
	     "CONFIG_WASM_COMPILED_STACK_MARGIN is too small for Bluetooth with "
	     "CONFIG_CTR_DRBG_CSPRNG_GENERATOR");
#endif
/* The first WASI call of an app opens its streams: two paths, and a line of the log about one that
 * cannot be opened, are behind the call. */
#ifdef CONFIG_WASM_WASI
BUILD_ASSERT(CONFIG_WASM_COMPILED_STACK_MARGIN >= 1536,
	     "CONFIG_WASM_COMPILED_STACK_MARGIN is too small for CONFIG_WASM_WASI");
#endif
#ifdef CONFIG_WASM_WASI_LOG_LINE_SIZE
BUILD_ASSERT(CONFIG_WASM_COMPILED_STACK_MARGIN >= 1152 + CONFIG_WASM_WASI_LOG_LINE_SIZE,
	     "CONFIG_WASM_WASI_LOG_LINE_SIZE is too large for CONFIG_WASM_COMPILED_STACK_MARGIN");
#endif
#else
#define __noinline __attribute__((noinline))
#endif

/* A call of an app's code. It is on the caller's stack. */
struct frame {
	/* The buffer of GCC's __builtin_setjmp(). */
	void *words[5];
	uint32_t number;
	uint32_t place;
};

/* What a long jump leaves does not restore the registers that it has saved, so the function that
 * the jump returns to has to save and restore all of them. Where GCC sees a setjmp, it does, except
 * for r8 to r11 of Cortex-M0, M0+ and M23 with -Os. Rust's code uses those. */
#if defined(__thumb__) && !defined(__thumb2__)
#define SAVE_HIGH_REGISTERS() __asm__ volatile("" : : : "r8", "r9", "r10", "r11")
#else
#define SAVE_HIGH_REGISTERS()
#endif

/* Returns the lowest address that the calling thread's stack pointer may have when a function of
 * the app begins. */
static uintptr_t stack_limit(void)
{
#if !defined(__ZEPHYR__) || defined(CONFIG_ARCH_POSIX)
	/* Here, the thread's stack is one of the process, and is larger. */
	return (uintptr_t)__builtin_frame_address(0) -
	       (CONFIG_WASM_APP_STACK_SIZE - CONFIG_WASM_COMPILED_STACK_MARGIN);
#else
	return zephyr_wasm_stack_start() + CONFIG_WASM_COMPILED_STACK_MARGIN;
#endif
}

/* Not inline, because a long jump has to return to a function that has not returned, and not to the
 * one that jumps. */
__noinline uint32_t zephyr_wasm_compiled_enter(const void *entry,
					       struct zephyr_wasm_compiled_instance *instance,
					       uint32_t operation, uint32_t number, void *argument,
					       uint32_t *place)
{
	zephyr_wasm_compiled_entry *enter = (zephyr_wasm_compiled_entry *)entry;
	void *outer = instance->frame;
	struct frame frame;
	uint32_t left;

	if (outer == NULL) {
		instance->stack_limit = stack_limit();
	} else if ((uintptr_t)__builtin_frame_address(0) < instance->stack_limit) {
		/* The host call that calls back has used some of the margin already. A function
		 * checks the limit only when its frame is begun, and the frame may be as large as
		 * the margin. */
		return ZEPHYR_WASM_TRAP_STACK;
	}
	instance->frame = &frame;
	SAVE_HIGH_REGISTERS();
	if (__builtin_setjmp(frame.words) == 0) {
		left = enter(operation, instance, number, argument);
	} else {
		left = frame.number;
		*place = frame.place;
	}
	instance->frame = outer;
	return left;
}

__noinline void zephyr_wasm_compiled_leave(struct zephyr_wasm_compiled_instance *instance,
					   uint32_t number, uint32_t place)
{
	struct frame *frame = instance->frame;

	frame->number = number;
	frame->place = place;
	__builtin_longjmp(frame->words, 1);
}
