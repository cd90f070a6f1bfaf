/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The latest lines that each app has logged (CONFIG_WASM_LOG_HISTORY_SIZE).
 */

#ifndef ZEPHYR_WASM_SRC_LOG_HISTORY_H_
#define ZEPHYR_WASM_SRC_LOG_HISTORY_H_

#include <stddef.h>
#include <stdint.h>

struct zephyr_wasm_app;

/** Copies what an app has logged from an offset on. The offset counts all bytes that the app has
 * ever logged. If they are not kept any more, it is moved to the first byte that is. Returns how
 * many bytes were copied. */
size_t zephyr_wasm_log_read(struct zephyr_wasm_app *app, uint32_t *offset, char *text, size_t size);

#endif /* ZEPHYR_WASM_SRC_LOG_HISTORY_H_ */
