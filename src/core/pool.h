/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Pools: the resources of one kind (timers, sockets, ...), and which app owns which of them.
 * However an app ends, its resources are closed.
 */

#ifndef ZEPHYR_WASM_SRC_POOL_H_
#define ZEPHYR_WASM_SRC_POOL_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

#include "app.h"
#include "wait.h"

/** The owner of a slot of a pool; NULL if it is free. */
typedef const struct zephyr_wasm_app *zephyr_wasm_owner_t;

/** The owner of slots that the firmware has: an address at which no app is. */
#define ZEPHYR_WASM_FIRMWARE ((zephyr_wasm_owner_t)1)

/** What a slot of a pool stands for, and how it is counted. */
enum zephyr_wasm_pool_kind {
	/** A resource that an app has by a handle, counted against `handles` of its manifest. */
	ZEPHYR_WASM_POOL_HANDLES,
	/** The same, counted against `timers`, too. */
	ZEPHYR_WASM_POOL_TIMERS,
	/** Something that a host call has while it lasts, or that the firmware keeps for an app:
	 * not counted. */
	ZEPHYR_WASM_POOL_OF_CALLS,
};

/**
 * The resources of one kind, of all apps together. They are outside the memory of apps: if a driver
 * or the kernel uses one as its app ends, it is stopped before the app's memory is used again. Each
 * slot begins with its owner.
 */
struct zephyr_wasm_pool {
	void *slots;
	size_t count;
	size_t size;
	/* Initializes a zeroed slot so that it can be woken, before it gets its owner; may be NULL.
	 */
	void (*open)(void *slot);
	/* Stops the resource of a slot. Called once for each slot, while it still has its owner. */
	void (*close)(void *slot);
	/* Makes a host call return that waits on the slot, because its app is to end; may be NULL.
	 */
	void (*wake)(void *slot);
#ifdef CONFIG_WASM_USERSPACE
	enum zephyr_wasm_pool_kind kind;
#endif
};

/**
 * Defines the waker of a pool: makes a host call return that waits for a semaphore of a slot,
 * because its app is asked to end or killed. The call finds out by zephyr_wasm_is_asked() why it
 * was woken. An app that cannot see that it is asked to end is not asked.
 */
#ifdef CONFIG_WASM_STOPPING
#define ZEPHYR_WASM_WAKER(name, type, semaphore)                                                   \
	static void name(void *slot)                                                               \
	{                                                                                          \
		zephyr_wasm_signal(((type *)slot)->owner, &((type *)slot)->semaphore);             \
	}
#else
#define ZEPHYR_WASM_WAKER(name, type, semaphore)                                                   \
	enum {                                                                                     \
		name = 0                                                                           \
	};
#endif

/** Makes a host call continue that waits on a slot for an event. Callable from interrupts. */
static inline void zephyr_wasm_signal(zephyr_wasm_owner_t owner, struct k_sem *event)
{
	k_sem_give(event);
	zephyr_wasm_wake(owner);
}

/** Defines the opener of a pool: initializes the semaphore of a slot. */
#define ZEPHYR_WASM_OPENER(name, type, semaphore, limit)                                           \
	static void name(void *slot)                                                               \
	{                                                                                          \
		k_sem_init(&((type *)slot)->semaphore, 0, limit);                                  \
	}

/** Defines a pool of @p count slots of @p type, whose first member is zephyr_wasm_owner_t. */
#define ZEPHYR_WASM_POOL_DEFINE(name, type, number, closer)                                        \
	ZEPHYR_WASM_POOL_DEFINE_WAKING(name, type, number, NULL, closer, NULL)

/** The same, with a waker, and an opener for what the waker needs: an app can be asked to end as
 * soon as it owns the slot. */
#define ZEPHYR_WASM_POOL_DEFINE_WAKING(name, type, number, opener, closer, waker)                  \
	ZEPHYR_WASM_POOL_DEFINE_KIND(name, type, number, opener, closer, waker,                    \
				     ZEPHYR_WASM_POOL_HANDLES)

/** The same, of a kind (enum zephyr_wasm_pool_kind). */
#define ZEPHYR_WASM_POOL_DEFINE_KIND(name, type, number, opener, closer, waker, kind_of)           \
	static type name##_slots[number];                                                          \
	static const STRUCT_SECTION_ITERABLE(zephyr_wasm_pool, name) = {                           \
		.slots = name##_slots,                                                             \
		.count = number,                                                                   \
		.size = sizeof(type),                                                              \
		.open = opener,                                                                    \
		.close = closer,                                                                   \
		.wake = waker,                                                                     \
		IF_ENABLED(CONFIG_WASM_USERSPACE, (.kind = kind_of, ))}

/** Takes a slot for the calling thread's app, or for the firmware on any other thread. The slot is
 * zeroed but for its owner. FAILURE_LIMIT if there is none, or the app has as many as its manifest
 * says. */
int32_t zephyr_wasm_pool_take(const struct zephyr_wasm_pool *pool);

/** Returns the slot with a number, which the handle table has checked to be its app's. */
void *zephyr_wasm_pool_slot(const struct zephyr_wasm_pool *pool, uint32_t number);

/** Closes a slot and gives it back. */
void zephyr_wasm_pool_give(const struct zephyr_wasm_pool *pool, uint32_t number);

/** How many slots of all pools an app has. */
size_t zephyr_wasm_pools_count(const struct zephyr_wasm_app *app);

/** Makes host calls of an app return that wait on its resources. */
void zephyr_wasm_pools_wake(const struct zephyr_wasm_app *app);

/** Closes the slots that an app has, in all pools. */
void zephyr_wasm_pools_close(const struct zephyr_wasm_app *app);

/** Reads from an app's manifest how many slots it may have, as it is launched. Needed in user mode,
 * where the runtime, which otherwise counts handles, may be under the app's control. */
#ifdef CONFIG_WASM_USERSPACE
void zephyr_wasm_pools_launched(const struct zephyr_wasm_app *app);
#endif

#endif /* ZEPHYR_WASM_SRC_POOL_H_ */
