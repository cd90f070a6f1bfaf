/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Memory for what host APIs in C return.
 */

#ifndef ZEPHYR_WASM_SRC_GIVE_H_
#define ZEPHYR_WASM_SRC_GIVE_H_

/** Frees what a host API in C has made room for, once the app has it; for what rust/bindings writes
 * of a firmware's own host APIs. */
void zephyr_wasm_given_free(void);

/** What a host API in C has made room for in the call at hand, of the calling thread's app; NULL if
 * it is none. */
union given **zephyr_wasm_given_list(void);

#endif /* ZEPHYR_WASM_SRC_GIVE_H_ */
