/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The thread of an app and its stack, and how it comes from there to the runtime: entry.c, or
 * user/thread.c where apps run in user mode.
 */

#ifndef ZEPHYR_WASM_SRC_ENTRY_H_
#define ZEPHYR_WASM_SRC_ENTRY_H_

#include "module.h"

/** Returns the size of the stack of a slot in bytes, and writes where it is. */
size_t zephyr_wasm_stack_of(size_t slot, k_thread_stack_t **stack);

/** Returns the lowest address of the calling thread's stack, which is an app's. */
uintptr_t zephyr_wasm_stack_start(void);

/** Makes the thread of an app, which is still to be started. It has its module found, runs it,
 * notes how that ended, and waits for the reaper. */
void zephyr_wasm_make_thread(struct zephyr_wasm_app *app, int priority);

#endif /* ZEPHYR_WASM_SRC_ENTRY_H_ */
