/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Pools: the resources of one kind (timers, sockets, ...), and which app owns which. They are
 * closed for an app that ends, however it ends.
 */

#ifndef ZEPHYR_WASM_SRC_POOL_H_
#define ZEPHYR_WASM_SRC_POOL_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

#include "app.h"
#include "wait.h"

/** Whose a slot is; NULL for nobody's. */
typedef const struct zephyr_wasm_app *zephyr_wasm_owner_t;

/** The owner of what the firmware has: an address at which no app is. */
#define ZEPHYR_WASM_FIRMWARE ((zephyr_wasm_owner_t)1)

/** What a slot of a pool is to the app that has it. */
enum zephyr_wasm_pool_kind {
	/** What a handle stands for, counted against `handles` of the app's manifest. */
	ZEPHYR_WASM_POOL_HANDLES,
	/** The same, counted against `timers`, too. */
	ZEPHYR_WASM_POOL_TIMERS,
	/** What a call has while it lasts, or the firmware keeps for the app: not counted. */
	ZEPHYR_WASM_POOL_OF_CALLS,
};

/**
 * The resources of one kind, of all apps together. They are outside the memory of apps, so that
 * what is in use by a driver or the kernel as its app ends is stopped before that memory is used
 * again. Each begins with its owner.
 */
struct zephyr_wasm_pool {
	void *slots;
	size_t count;
	size_t size;
	/* Makes a zeroed slot such that it can be woken, before it is its owner's; may be NULL. */
	void (*open)(void *slot);
	/* Stops a slot's resource; called with the slot still owned, for each slot once. */
	void (*close)(void *slot);
	/* Has a call return that waits on the slot, because its app is killed; may be NULL. */
	void (*wake)(void *slot);
#ifdef CONFIG_WASM_USERSPACE
	enum zephyr_wasm_pool_kind kind;
#endif
};

/**
 * Has a call return that waits for a semaphore of a slot, as its app is asked to end or killed. The
 * call looks by zephyr_wasm_is_asked() why it was woken. Nothing asks an app that cannot see it.
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

/** Has a call go on that waits on a slot for an event. Callable from interrupts. */
static inline void zephyr_wasm_signal(zephyr_wasm_owner_t owner, struct k_sem *event)
{
	k_sem_give(event);
	zephyr_wasm_wake(owner);
}

/** Makes the semaphore of a slot, as the opener of its pool. */
#define ZEPHYR_WASM_OPENER(name, type, semaphore, limit)                                           \
	static void name(void *slot)                                                               \
	{                                                                                          \
		k_sem_init(&((type *)slot)->semaphore, 0, limit);                                  \
	}

/** Defines a pool of @p count slots of @p type, whose first member is zephyr_wasm_owner_t. */
#define ZEPHYR_WASM_POOL_DEFINE(name, type, number, closer)                                        \
	ZEPHYR_WASM_POOL_DEFINE_WAKING(name, type, number, NULL, closer, NULL)

/** The same, with what wakes a waiting call, and what a slot has to have for that: an app can be
 * asked to end as soon as the slot is its own. */
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

/** Takes a slot for the calling thread's app, or for the firmware on any other thread, zeroed but
 * for its owner; FAILURE_LIMIT if there is none, or the app has as many as its manifest says. */
int32_t zephyr_wasm_pool_take(const struct zephyr_wasm_pool *pool);

/** The slot of that number, which the handle table has checked to be its app's. */
void *zephyr_wasm_pool_slot(const struct zephyr_wasm_pool *pool, uint32_t number);

/** Closes a slot and gives it back. */
void zephyr_wasm_pool_give(const struct zephyr_wasm_pool *pool, uint32_t number);

/** How many slots of all pools an app has. */
size_t zephyr_wasm_pools_count(const struct zephyr_wasm_app *app);

/** Has calls of an app return that wait on what it has. */
void zephyr_wasm_pools_wake(const struct zephyr_wasm_app *app);

/** Closes what an app has in any pool. */
void zephyr_wasm_pools_close(const struct zephyr_wasm_app *app);

/** Reads from its manifest how many slots an app may have, as it is launched. In user mode, the
 * runtime that counts handles otherwise is on the app's side. */
#ifdef CONFIG_WASM_USERSPACE
void zephyr_wasm_pools_launched(const struct zephyr_wasm_app *app);
#endif

#endif /* ZEPHYR_WASM_SRC_POOL_H_ */
