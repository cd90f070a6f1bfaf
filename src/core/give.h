/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Memory for values that host APIs in C return.
 */

#ifndef ZEPHYR_WASM_SRC_GIVE_H_
#define ZEPHYR_WASM_SRC_GIVE_H_

/** What a host API in C has allocated in the current call of the calling thread's app; NULL if the
 * thread is no app's. */
union given **zephyr_wasm_given_list(void);

#endif /* ZEPHYR_WASM_SRC_GIVE_H_ */
