/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Memory for values that host APIs in C return.
 */

#ifndef ZEPHYR_WASM_SRC_GIVE_H_
#define ZEPHYR_WASM_SRC_GIVE_H_

/** Frees what a host API in C has allocated, once the app has a copy. For code that rust/bindings
 * generates for a firmware's own host APIs. */
void zephyr_wasm_given_free(void);

/** What a host API in C has allocated in the current call of the calling thread's app; NULL if the
 * thread is no app's. */
union given **zephyr_wasm_given_list(void);

#endif /* ZEPHYR_WASM_SRC_GIVE_H_ */
