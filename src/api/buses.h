/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Locks by which apps take turns at a bus or a controller. Not all drivers expect calls from two
 * threads. Without these locks, data that one app reads could be written to the memory of another.
 */

#ifndef ZEPHYR_WASM_SRC_BUSES_H_
#define ZEPHYR_WASM_SRC_BUSES_H_

#include <zephyr/init.h>
#include <zephyr/kernel.h>

#include "core/locks.h"
#include "core/thread.h"

#if CONFIG_WASM_MAX_APPS > 1
/** Defines the locks of a list of devices. Several entries of the list may be on one bus, which is
 * the member @p bus of each, and then share one lock. */
#define ZEPHYR_WASM_BUS_LOCKS_DEFINE(list, bus)                                                    \
	static struct k_mutex list##_locks[ARRAY_SIZE(list)];                                      \
                                                                                                   \
	ZEPHYR_WASM_LOCKS_DEFINE(list##_all_locks, list##_locks, ARRAY_SIZE(list));                \
                                                                                                   \
	static int list##_init_locks(void)                                                         \
	{                                                                                          \
		for (size_t i = 0; i < ARRAY_SIZE(list##_locks); i++) {                            \
			k_mutex_init(&list##_locks[i]);                                            \
		}                                                                                  \
		return 0;                                                                          \
	}                                                                                          \
                                                                                                   \
	SYS_INIT(list##_init_locks, POST_KERNEL, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT);             \
                                                                                                   \
	static struct k_mutex *list##_lock_of(size_t place)                                        \
	{                                                                                          \
		size_t first = 0;                                                                  \
                                                                                                   \
		while (list[first].bus != list[place].bus) {                                       \
			first++;                                                                   \
		}                                                                                  \
		return &list##_locks[first];                                                       \
	}

#define ZEPHYR_WASM_BUS_LOCK(list, place)                                                          \
	do {                                                                                       \
		zephyr_wasm_hurry_current();                                                       \
		(void)k_mutex_lock(list##_lock_of(place), K_FOREVER);                              \
	} while (false)
#define ZEPHYR_WASM_BUS_UNLOCK(list, place) (void)k_mutex_unlock(list##_lock_of(place))
#else
#define ZEPHYR_WASM_BUS_LOCKS_DEFINE(list, bus)
#define ZEPHYR_WASM_BUS_LOCK(list, place)
#define ZEPHYR_WASM_BUS_UNLOCK(list, place)
#endif

#endif /* ZEPHYR_WASM_SRC_BUSES_H_ */
