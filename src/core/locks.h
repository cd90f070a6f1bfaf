/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The locks of host APIs, by which one call of an app at a time uses a device. A driver that
 * faults, or asserts, ends the app in whose call it runs, and that app's thread may have such a
 * lock: it is released here.
 */

#ifndef ZEPHYR_WASM_SRC_LOCKS_H_
#define ZEPHYR_WASM_SRC_LOCKS_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

/** Locks of one host API. */
struct zephyr_wasm_locks {
	struct k_mutex *first;
	size_t count;
};

#ifdef CONFIG_WASM_LOCKS
/** Declares the locks of a host API, so that they are released for threads that were aborted. */
#define ZEPHYR_WASM_LOCKS_DEFINE(name, locks, number)                                              \
	static const STRUCT_SECTION_ITERABLE(zephyr_wasm_locks, name) = {                          \
		.first = locks,                                                                    \
		.count = number,                                                                   \
	}

/** Releases the locks that an aborted thread has. */
void zephyr_wasm_locks_release(k_tid_t thread);
#else
#define ZEPHYR_WASM_LOCKS_DEFINE(name, locks, number) BUILD_ASSERT(true, "nobody waits")

static inline void zephyr_wasm_locks_release(k_tid_t thread)
{
	ARG_UNUSED(thread);
}
#endif

#endif /* ZEPHYR_WASM_SRC_LOCKS_H_ */
