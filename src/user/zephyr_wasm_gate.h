/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps in user mode: the second wall. The first wall is WebAssembly, which the engine enforces.
 * This one is enforced by the processor: an app's thread can read the image, and can read and write
 * its own stack and its own region. It reaches everything else by these system calls only.
 */

#ifndef ZEPHYR_WASM_SRC_USER_GATE_H_
#define ZEPHYR_WASM_SRC_USER_GATE_H_

#include "core/app.h"
#include "core/module.h"

/** The start of an app's region: the data of the app's slot that its thread needs. The thread
 * cannot read the slot itself. */
struct zephyr_wasm_user {
	struct sys_heap heap;
	size_t heap_size;
	struct zephyr_wasm_linear linear;
	/* The next allocation may return NULL; any other that fails ends the app. */
	bool may_fail;
	union given *given;
	/* As in struct zephyr_wasm_region_use. */
	size_t refused;
	/* The copy of the module, or the file that it was read from; NULL if it is where apps can
	 * read it anyway. */
	void *copy;
	struct zephyr_wasm_source source;
	struct zephyr_wasm_limits limits;
	/* NULL; `own_call`; or, to only check the module, a call without a function, which is in
	 * flash. */
	const struct zephyr_wasm_call *call;
	/* A copy of the call, whose texts and result are in the region, too. */
	struct zephyr_wasm_call own_call;
	/* How the app ended, before the kernel is told. */
	int32_t detail;
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
};

K_THREAD_STACK_ARRAY_DECLARE(zephyr_wasm_stacks, CONFIG_WASM_MAX_APPS, CONFIG_WASM_APP_STACK_SIZE);

/** The start of the region of the app on a slot. */
struct zephyr_wasm_user *zephyr_wasm_user_of(size_t slot);

/** Frees what the app does not need any more once it is loaded. Called in user mode. */
void zephyr_wasm_user_loaded(void);

/** Adds an app's thread to the app's memory domain. Called when the thread is created. */
void zephyr_wasm_user_confine(struct zephyr_wasm_app *app);

/** Lets the app on a slot read and execute the @p size bytes of its file at @p start, until it
 * ends. Returns false where the processor's protection has no room for that. */
bool zephyr_wasm_user_map(size_t slot, const void *start, size_t size);

/** Lets apps read @p size bytes of flash at @p start, and the image. After the first call, they can
 * read nothing else in flash, as exactly as the protection unit allows. */
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

/* More bytes than Zephyr and one exception leave on a stack. */
#define ZEPHYR_WASM_FRAME_MOST 128

/**
 * Whether an app makes a system call from its own stack, and not from the end of it. @p frame is
 * what Zephyr keeps of the call; it begins with the stack pointer.
 *
 * On ARM, Zephyr returns to the stack of the call while it still has the kernel's rights, and an
 * interrupt leaves the return address there. In memory that apps share, another app could change
 * that address. At the start of an app's memory, the address would be written over what is before
 * it.
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

/** Reads from an app's manifest which host APIs it may use, and how many resources it may hold.
 * Called when the app is launched. */
void zephyr_wasm_gate_launched(const struct zephyr_wasm_app *app);

/** Returns the first host API that the manifest in a file grants, and that the kernel does not
 * allow its app: it knows the manifests of embedded and stored apps only. NULL if there is none. */
const char *zephyr_wasm_gate_lacks(const struct zephyr_wasm_app *app, const uint8_t *wasm,
				   size_t size);

/** Calls a function of a host API. @p number is its place in the list of zephyr-wasm-declare, @p
 * frame the address of its arguments. */
__syscall void zephyr_wasm_gate(uint32_t number, uintptr_t frame);

/** Reports that the calling thread has entered user mode. */
__syscall void zephyr_wasm_user_entered(void);

/** Reports that the app's first instruction is next. */
__syscall void zephyr_wasm_user_started(void);

/** Ends the app of the calling thread: a panic, or out of memory. */
__syscall void zephyr_wasm_user_end(uint32_t end);

/** Reports how the app has ended by itself. @p message has ZEPHYR_WASM_MESSAGE_SIZE bytes, and @p
 * result as many as the call of the app has room for; NULL if it was not called. */
__syscall void zephyr_wasm_user_finish(uint32_t end, int32_t detail, const char *message,
				       const char *result);

#include <zephyr/syscalls/zephyr_wasm_gate.h>

/* Zephyr defines these functions for each system call, and does not declare them. */
#define MARSHALLED(name)                                                                           \
	uintptr_t z_mrsh_##name(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t,  \
				void *);
MARSHALLED(zephyr_wasm_gate)
MARSHALLED(zephyr_wasm_user_entered)
MARSHALLED(zephyr_wasm_user_started)
MARSHALLED(zephyr_wasm_user_end)
MARSHALLED(zephyr_wasm_user_finish)

#endif /* ZEPHYR_WASM_SRC_USER_GATE_H_ */
