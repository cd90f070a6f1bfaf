/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Limits how often apps may write to flash, which wears out.
 */

#ifndef ZEPHYR_WASM_WRITES_H_
#define ZEPHYR_WASM_WRITES_H_

#include <zephyr_wasm/store.h>

/** How often an app may still write. It is kept by the app's name, so that starting the app again
 * does not reset it. */
struct zephyr_wasm_writer {
	char name[ZEPHYR_WASM_NAME_SIZE];
	uint32_t left;
	/* Until when earned writes have been added to `left`, in milliseconds of uptime. */
	int64_t until;
};

/** The limit of one kind of writes, and the counts of all apps. Callers have to hold a lock of
 * their own. */
struct zephyr_wasm_writes {
	/* The key of a manifest that can lower `an_hour`. */
	const char *setting;
	uint32_t an_hour;
	/* The most writes that an app can save up. A new app begins with these. */
	uint32_t at_once;
	struct zephyr_wasm_writer writers[CONFIG_WASM_MAX_APPS + 2];
};

/** Counts @p count writes of the calling thread's app. Returns false, and counts nothing, if the
 * app has not that many left. */
bool zephyr_wasm_may_write(struct zephyr_wasm_writes *writes, uint32_t count);

#endif /* ZEPHYR_WASM_WRITES_H_ */
