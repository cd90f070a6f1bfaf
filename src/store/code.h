/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The machine code in an app's file.
 */

#ifndef ZEPHYR_WASM_STORE_CODE_H_
#define ZEPHYR_WASM_STORE_CODE_H_

#include <zephyr_wasm/store.h>

#ifdef CONFIG_WASM_COMPILED_STORE

/** Finds the code of an app whose file was verified: the address of its entry function, or NULL if
 * the app is interpreted. @p is_signed: a key has signed the file, @p signer. That becomes the key
 * by which its code is trusted. Returns 0, or ZEPHYR_WASM_REFUSED_CODE with the reason in @p
 * message, if the app cannot run at all. */
uint8_t zephyr_wasm_code_find(const char *name, const uint8_t *wasm, size_t size, bool is_signed,
			      uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE], const void **entry,
			      char *message);

#else

static inline uint8_t zephyr_wasm_code_find(const char *name, const uint8_t *wasm, size_t size,
					    bool is_signed, uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE],
					    const void **entry, char *message)
{
	ARG_UNUSED(name);
	ARG_UNUSED(wasm);
	ARG_UNUSED(size);
	ARG_UNUSED(is_signed);
	ARG_UNUSED(signer);
	ARG_UNUSED(message);
	*entry = NULL;
	return 0;
}

#endif

#endif /* ZEPHYR_WASM_STORE_CODE_H_ */
