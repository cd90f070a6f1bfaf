/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What storage.c and its Rust side (rust/platform-zephyr/src/storage.rs) share.
 */

#ifndef ZEPHYR_WASM_SRC_STORAGE_H_
#define ZEPHYR_WASM_SRC_STORAGE_H_

/** The size of an app's longest key, including its final zero. */
#define ZEPHYR_WASM_STORAGE_KEY_SIZE 31

#endif /* ZEPHYR_WASM_SRC_STORAGE_H_ */
