/* SPDX-License-Identifier: Apache-2.0 */

#ifndef TESTS_KILLS_HOARDS_H_
#define TESTS_KILLS_HOARDS_H_

#include <stdint.h>

/** What an app does, in the order of caller/src/hoards.rs. */
enum hoard {
	DATAGRAMS = 130,
	BYTES,
	BYTES_THAT_IT_DOES_NOT_ACCEPT,
	SENDS,
	SENDS_AT_LENGTH,
	ASKS_OF_A_LOST_PEER,
	IS_FLOODED,
	CLOSES,
	LISTENS_AND_CLOSES,
	LOOKS_UP,
	CLOSES_EARLY,
};

struct zephyr_wasm_app;

/** Has an app begin with that. */
struct zephyr_wasm_app *hoard_begin(enum hoard hoard);

/** Waits for its end, and returns what it returns. */
int32_t hoard_end(struct zephyr_wasm_app *app);

#endif /* TESTS_KILLS_HOARDS_H_ */
