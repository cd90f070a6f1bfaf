/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The keys of CONFIG_WASM_COMPILED_KEYS, and behind them those of CONFIG_WASM_STORE_KEYS.
 * cmake/store.cmake generates them.
 */

#ifndef ZEPHYR_WASM_STORE_KEYS_H_
#define ZEPHYR_WASM_STORE_KEYS_H_

#include <zephyr_wasm/store.h>

extern const uint8_t zephyr_wasm_store_keys[][ZEPHYR_WASM_KEY_SIZE];
/** How many there are. */
extern const size_t zephyr_wasm_store_key_count;
/** How many of them, the first, are of CONFIG_WASM_COMPILED_KEYS. */
extern const size_t zephyr_wasm_store_compiled_key_count;

#endif /* ZEPHYR_WASM_STORE_KEYS_H_ */
