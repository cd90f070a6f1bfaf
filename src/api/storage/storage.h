/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What storage.c and its Rust side (rust/platform-zephyr/src/storage.rs) have in common.
 */

#ifndef ZEPHYR_WASM_SRC_STORAGE_H_
#define ZEPHYR_WASM_SRC_STORAGE_H_

/** The longest key of an app, and the zero that ends it. */
#define ZEPHYR_WASM_STORAGE_KEY_SIZE 31

#endif /* ZEPHYR_WASM_SRC_STORAGE_H_ */
