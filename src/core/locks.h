/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The locks that host APIs have apps' calls take turns by. A driver that faults, or asserts, in
 * such a call ends the app, whose thread has the lock then: it is given back for it.
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
/** Has these given back for who is gone. */
#define ZEPHYR_WASM_LOCKS_DEFINE(name, locks, number)                                              \
	static const STRUCT_SECTION_ITERABLE(zephyr_wasm_locks, name) = {                          \
		.first = locks,                                                                    \
		.count = number,                                                                   \
	}

/** Gives back what a thread has that is aborted. */
void zephyr_wasm_locks_release(k_tid_t thread);
#else
#define ZEPHYR_WASM_LOCKS_DEFINE(name, locks, number) BUILD_ASSERT(true, "nobody waits")

static inline void zephyr_wasm_locks_release(k_tid_t thread)
{
	ARG_UNUSED(thread);
}
#endif

#endif /* ZEPHYR_WASM_SRC_LOCKS_H_ */
