/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps in user mode: the second wall. The first is WebAssembly's own, which the engine keeps; this
 * one is the processor's. An app's thread reads flash, and reads and writes its stack and its
 * region. All else it reaches by these system calls.
 */

#ifndef ZEPHYR_WASM_SRC_USER_GATE_H_
#define ZEPHYR_WASM_SRC_USER_GATE_H_

#include "core/app.h"
#include "core/module.h"

/** What a region begins with: what the app's thread needs of its slot, which it cannot read. */
struct zephyr_wasm_user {
	struct sys_heap heap;
	size_t heap_size;
	struct zephyr_wasm_linear linear;
	/* The next allocation may return NULL. */
	bool may_fail;
	union given *given;
	/* As struct zephyr_wasm_region_use has it. */
	size_t refused;
	/* The module, if its bytes had to be copied. */
	void *copy;
	struct zephyr_wasm_source source;
	struct zephyr_wasm_limits limits;
	/* NULL, or a call of nothing, which is in flash. */
	const struct zephyr_wasm_call *call;
	/* How the app ended, before the kernel is told. */
	int32_t detail;
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
};

K_THREAD_STACK_ARRAY_DECLARE(zephyr_wasm_stacks, CONFIG_WASM_MAX_APPS, CONFIG_WASM_APP_STACK_SIZE);

/** What the region of an app begins with. */
struct zephyr_wasm_user *zephyr_wasm_user_of(size_t slot);

/** Frees what the app needs no more once it is loaded. In user mode. */
void zephyr_wasm_user_loaded(void);

/** Gives an app's thread its memory domain, as it is created. */
void zephyr_wasm_user_confine(struct zephyr_wasm_app *app);

/** Has apps read of flash what they have to: the image, and a module if it is there. From then on,
 * they read no more of it than the protection unit makes them. */
#ifdef CONFIG_CPU_CORTEX_M
void zephyr_wasm_user_show(const void *start, size_t size);
#else
static inline void zephyr_wasm_user_show(const void *start, size_t size)
{
	ARG_UNUSED(start);
	ARG_UNUSED(size);
}
#endif

extern struct k_mem_partition zephyr_wasm_engine_partition;

/* More than Zephyr leaves on a stack, and an exception on top of that. */
#define ZEPHYR_WASM_FRAME_MOST 128

/**
 * Whether an app makes a system call from its own stack. On ARM, Zephyr is back on the stack of the
 * call while it still has the kernel's rights, and an interrupt leaves there where to go on with
 * them: in memory that apps share, another could say where; at the beginning of an app's memory, it
 * would be written over that.
 *
 * @p frame is what Zephyr has of the call, which begins with the stack's pointer.
 */
static inline bool zephyr_wasm_is_on_its_stack(const void *frame)
{
#ifdef CONFIG_CPU_CORTEX_M
	uintptr_t below = *(const uintptr_t *)frame - _current->stack_info.start;

	return below >= ZEPHYR_WASM_FRAME_MOST && below <= _current->stack_info.size;
#else
	ARG_UNUSED(frame);
	return true;
#endif
}

/** Looks up what an app's manifest has, and how much it may hold, as it is launched. */
void zephyr_wasm_gate_launched(const struct zephyr_wasm_app *app);

/** Serves a function of a host API, of that number in zephyr-wasm-declare's list. */
__syscall void zephyr_wasm_gate(uint32_t number, uintptr_t frame);

/** The calling thread has come to user mode. */
__syscall void zephyr_wasm_user_entered(void);

/** The app's first instruction is next. */
__syscall void zephyr_wasm_user_started(void);

/** Ends the app of the calling thread. */
__syscall void zephyr_wasm_user_end(uint32_t end);

/** The app has come to its end by itself. */
__syscall void zephyr_wasm_user_finish(uint32_t end, int32_t detail, const char *message);

#include <zephyr/syscalls/zephyr_wasm_gate.h>

/* What Zephyr defines for each of these, and does not declare. */
#define MARSHALLED(name)                                                                           \
	uintptr_t z_mrsh_##name(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t,  \
				void *);
MARSHALLED(zephyr_wasm_gate)
MARSHALLED(zephyr_wasm_user_entered)
MARSHALLED(zephyr_wasm_user_started)
MARSHALLED(zephyr_wasm_user_end)
MARSHALLED(zephyr_wasm_user_finish)

#endif /* ZEPHYR_WASM_SRC_USER_GATE_H_ */
