/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The locks by which calls of apps take turns in a host API. A driver that faults, or asserts, ends
 * the app whose call it is in, and that app's thread may have such a lock: it is given back here.
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
/** Names the locks of a host API, so that they are given back for threads that are gone. */
#define ZEPHYR_WASM_LOCKS_DEFINE(name, locks, number)                                              \
	static const STRUCT_SECTION_ITERABLE(zephyr_wasm_locks, name) = {                          \
		.first = locks,                                                                    \
		.count = number,                                                                   \
	}

/** Gives back the locks that an aborted thread has. */
void zephyr_wasm_locks_release(k_tid_t thread);
#else
#define ZEPHYR_WASM_LOCKS_DEFINE(name, locks, number) BUILD_ASSERT(true, "nobody waits")

static inline void zephyr_wasm_locks_release(k_tid_t thread)
{
	ARG_UNUSED(thread);
}
#endif

#endif /* ZEPHYR_WASM_SRC_LOCKS_H_ */
