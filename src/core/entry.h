/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The thread of an app and its stack, up to the call of the runtime: entry.c, or user/thread.c
 * where apps run in user mode.
 */

#ifndef ZEPHYR_WASM_SRC_ENTRY_H_
#define ZEPHYR_WASM_SRC_ENTRY_H_

#include "module.h"

/** Returns the size of the stack of a slot in bytes, and writes where it is. */
size_t zephyr_wasm_stack_of(size_t slot, k_thread_stack_t **stack);

/** Returns the lowest address of the calling thread's stack, which is an app's. */
uintptr_t zephyr_wasm_stack_start(void);

/** Creates the thread of an app, without starting it. The thread finds the app's module, runs it,
 * notes how that ended, and waits for the reaper. */
void zephyr_wasm_make_thread(struct zephyr_wasm_app *app, int priority);

#endif /* ZEPHYR_WASM_SRC_ENTRY_H_ */
