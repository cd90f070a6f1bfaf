/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How often apps may write to what wears out.
 */

#ifndef ZEPHYR_WASM_WRITES_H_
#define ZEPHYR_WASM_WRITES_H_

#include <zephyr_wasm/store.h>

/** How often an app may still write, by its name: what it has used up stays so when it is started
 * again. */
struct zephyr_wasm_writer {
	char name[ZEPHYR_WASM_NAME_SIZE];
	uint32_t left;
	/* Up to when writes are added to what is left, in milliseconds of uptime. */
	int64_t until;
};

/** How often all may. One call at a time: whoever has it has a lock. */
struct zephyr_wasm_writes {
	/* Which setting of a manifest may be less an hour. */
	const char *setting;
	uint32_t an_hour;
	/* What one may have saved up, and has at first. */
	uint32_t at_once;
	struct zephyr_wasm_writer writers[CONFIG_WASM_MAX_APPS + 2];
};

/** Counts writes of the calling app; false if it has had as many as flash is to bear. */
bool zephyr_wasm_may_write(struct zephyr_wasm_writes *writes, uint32_t count);

#endif /* ZEPHYR_WASM_WRITES_H_ */
