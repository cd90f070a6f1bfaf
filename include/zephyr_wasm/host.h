/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What the generated headers of host APIs in C start from.
 *
 * The functions of such a header run on the threads of apps, several at once if several apps run.
 * What they are given is valid until they return. What they return by pointer is either constant,
 * or made by zephyr_wasm_give().
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
	/** How many there are. */
	size_t size;
} zephyr_wasm_bytes_t;

/**
 * @brief Makes room for something that a host API returns to the app of the calling thread.
 *
 * It comes out of the app's own memory, and is given back after the call.
 *
 * @param size How many bytes.
 * @return the room, or NULL if the app has not so much left.
 */
void *zephyr_wasm_give(size_t size);

/**
 * @brief Has a kill of the calling thread's app wait.
 *
 * Host calls need not: the runtime does this around each of them. It is for what else runs on an
 * app's thread; never around a wait without end.
 */
void zephyr_wasm_host_begin(void);

/** @brief Ends what zephyr_wasm_host_begin() began. If a kill had to wait, this does not return. */
void zephyr_wasm_host_end(void);

/**
 * @brief Lets a kill of the calling thread's app come, which waits for the host call at hand
 * otherwise.
 *
 * Call this and zephyr_wasm_wait_end() around whatever may wait long (for an event, for a peer). In
 * between, the thread may be ended at any place, and so must hold nothing that others need. In a
 * call without such a wait, a killed app ends as the call returns.
 */
static inline void zephyr_wasm_wait_begin(void)
{
	zephyr_wasm_host_end();
}

/** @brief Ends what zephyr_wasm_wait_begin() began. */
static inline void zephyr_wasm_wait_end(void)
{
	zephyr_wasm_host_begin();
}

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_HOST_H_ */
