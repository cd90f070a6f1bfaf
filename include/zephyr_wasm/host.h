/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Types and functions for host APIs in C, used by their generated headers.
 *
 * The functions of such a header run on the threads of apps, several at once if several apps run.
 * Their parameters are valid until they return. What they return by pointer is either constant
 * data, or allocated by zephyr_wasm_give().
 */

#ifndef ZEPHYR_WASM_HOST_H_
#define ZEPHYR_WASM_HOST_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @brief Text in UTF-8, without a zero at its end. */
typedef struct {
	/** The text; may be NULL if the size is 0. */
	const char *data;
	/** Its size in bytes. */
	size_t size;
} zephyr_wasm_text_t;

/** @brief Bytes. */
typedef struct {
	/** The bytes; may be NULL if the size is 0. */
	const uint8_t *data;
	/** How many bytes. */
	size_t size;
} zephyr_wasm_bytes_t;

/**
 * @brief Allocates memory for a value that a host API returns to the app of the calling thread.
 *
 * The memory is part of the app's own region, and is freed after the host call.
 *
 * @param size How many bytes.
 * @return the memory; NULL if the app does not have that much left, or if the calling
 *         thread is no app's.
 */
void *zephyr_wasm_give(size_t size);

/**
 * @brief Frees what zephyr_wasm_give() has allocated in this host call.
 *
 * For the generated code of a host API, which calls it once the app has a copy; the functions of
 * a host API never call it.
 */
void zephyr_wasm_given_free(void);

/**
 * @brief Makes a kill of the calling thread's app wait until zephyr_wasm_host_end().
 *
 * Host calls do not need this, because the runtime does it around each of them. It is for other
 * code on an app's thread, and must never be around a wait without a timeout.
 */
void zephyr_wasm_host_begin(void);

/**
 * @brief Ends what zephyr_wasm_host_begin() has begun.
 *
 * If a kill has waited, this function does not return.
 */
void zephyr_wasm_host_end(void);

/**
 * @brief Lets a kill of the calling thread's app come in the middle of a host call.
 *
 * Call this function and zephyr_wasm_wait_end() around whatever may wait for long, such as for an
 * event or a peer. In between, the thread may be aborted at any place, so it must hold nothing that
 * others need. In a call without such a wait, a killed app ends when the call returns.
 */
static inline void zephyr_wasm_wait_begin(void)
{
	zephyr_wasm_host_end();
}

/** @brief Ends what zephyr_wasm_wait_begin() has begun. */
static inline void zephyr_wasm_wait_end(void)
{
	zephyr_wasm_host_begin();
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_HOST_H_ */
