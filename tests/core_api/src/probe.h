/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Functions of every kind that a header can have. What they are called with is kept in `seen`.
 */

#ifndef PROBE_H_
#define PROBE_H_

#include <stdint.h>

#include <zephyr_wasm/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the number of a value that the test has for the app: which function, and with what. */
uint32_t probe_value(uint32_t which);

/* The length behind the bytes, before them, of each, and of both. */
int32_t probe_read(ZEPHYR_WASM_IN(bytes, length), int32_t length);
int32_t probe_write(uint32_t length, ZEPHYR_WASM_OUT(bytes, length));
int32_t probe_copy(ZEPHYR_WASM_IN(from, from_length), uint32_t from_length,
		   ZEPHYR_WASM_OUT(to, to_length), uint32_t to_length);
int32_t probe_swap(ZEPHYR_WASM_OUT(one, length), ZEPHYR_WASM_OUT(other, length), int32_t length);

int32_t probe_text(ZEPHYR_WASM_TEXT(text));
int32_t probe_append(ZEPHYR_WASM_TEXT(text), ZEPHYR_WASM_OUT(to, room), uint32_t room);

int64_t probe_numbers(int32_t a, uint32_t b, int64_t c, uint64_t d, float e, double f);
float probe_half(float of);
double probe_third(double of);
uint64_t probe_most(void);

/** Takes a while, and has something meanwhile. */
void probe_linger(void);

/** Waits for ever, and has nothing meanwhile. */
void probe_wait(void);

#ifdef __cplusplus
}
#endif

#endif /* PROBE_H_ */
