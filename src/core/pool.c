/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which app owns which resource. All pools are in one linker section, so that the end of an app
 * finds all resources of the app, whatever host APIs the image has.
 */

#include <string.h>

#include <zephyr/kernel.h>

#include "app.h"
#include "pool.h"
#include "slots.h"
#include "thread.h"
#include "zephyr_wasm_manifest.h"

static zephyr_wasm_owner_t *owner_of(const struct zephyr_wasm_pool *pool, size_t number)
{
	return (zephyr_wasm_owner_t *)((uint8_t *)pool->slots + number * pool->size);
}

/* How many slots of a pool an app has. */
static size_t count_in(const struct zephyr_wasm_pool *pool, const struct zephyr_wasm_app *app)
{
	size_t count = 0;

	for (size_t i = 0; i < pool->count; i++) {
		count += *owner_of(pool, i) == app;
	}
	return count;
}

#ifdef CONFIG_WASM_USERSPACE
/* How many handles and timers each app may have, and how many handles it has. The runtime counts,
 * too, and returns an error before this does. But the runtime may be under the app's control. */
static struct {
	uint32_t most_handles;
	uint32_t most_timers;
	uint32_t handles;
} quotas[CONFIG_WASM_MAX_APPS];

void zephyr_wasm_pools_launched(const struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_image *image = app->image;
	size_t slot = zephyr_wasm_slot_of(app);
	uint32_t most = CONFIG_WASM_APP_HANDLE_COUNT;
	uint32_t own =
		zephyr_wasm_rs_setting(image->wasm, image->size, ZEPHYR_WASM_KEY_HANDLES, most);

	quotas[slot].most_handles = MIN(most, own);
	quotas[slot].most_timers =
		zephyr_wasm_rs_setting(image->wasm, image->size, ZEPHYR_WASM_KEY_TIMERS, most);
}

static bool may_take(const struct zephyr_wasm_pool *pool, const struct zephyr_wasm_app *app)
{
	size_t slot;

	if (app == NULL || pool->kind == ZEPHYR_WASM_POOL_OF_CALLS) {
		return true;
	}
	slot = zephyr_wasm_slot_of(app);
	return quotas[slot].handles < quotas[slot].most_handles &&
	       (pool->kind != ZEPHYR_WASM_POOL_TIMERS ||
		count_in(pool, app) < quotas[slot].most_timers);
}

/* Counts a slot that an app takes (1) or gives back (-1). */
static void count_handle(const struct zephyr_wasm_pool *pool, zephyr_wasm_owner_t owner, int change)
{
	if (owner != ZEPHYR_WASM_FIRMWARE && pool->kind != ZEPHYR_WASM_POOL_OF_CALLS) {
		quotas[zephyr_wasm_slot_of(owner)].handles += change;
	}
}
#else
static inline bool may_take(const struct zephyr_wasm_pool *pool, const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(pool);
	ARG_UNUSED(app);
	return true;
}

static inline void count_handle(const struct zephyr_wasm_pool *pool, zephyr_wasm_owner_t owner,
				int change)
{
	ARG_UNUSED(pool);
	ARG_UNUSED(owner);
	ARG_UNUSED(change);
}
#endif

int32_t zephyr_wasm_pool_take(const struct zephyr_wasm_pool *pool)
{
	const struct zephyr_wasm_app *app = zephyr_wasm_current();
	int32_t found = FAILURE_LIMIT;

	if (!may_take(pool, app)) {
		return FAILURE_LIMIT;
	}
	k_sched_lock();
	for (size_t i = 0; i < pool->count && found < 0; i++) {
		if (*owner_of(pool, i) == NULL) {
			memset(owner_of(pool, i), 0, pool->size);
			if (pool->open != NULL) {
				pool->open(owner_of(pool, i));
			}
			*owner_of(pool, i) = app == NULL ? ZEPHYR_WASM_FIRMWARE : app;
			count_handle(pool, *owner_of(pool, i), 1);
			found = (int32_t)i;
		}
	}
	k_sched_unlock();
	return found;
}

void *zephyr_wasm_pool_slot(const struct zephyr_wasm_pool *pool, uint32_t number)
{
#ifdef CONFIG_WASM_USERSPACE
	/* The runtime passes only numbers of its own app, but it may be under that app's control.
	 */
	const struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL && (number >= pool->count || *owner_of(pool, number) != app)) {
		k_oops();
	}
#endif
	__ASSERT_NO_MSG(number < pool->count && *owner_of(pool, number) != NULL);
	return owner_of(pool, number);
}

void zephyr_wasm_pool_give(const struct zephyr_wasm_pool *pool, uint32_t number)
{
	zephyr_wasm_owner_t *owner = zephyr_wasm_pool_slot(pool, number);

	if (pool->close != NULL) {
		pool->close(owner);
	}
	count_handle(pool, *owner, -1);
	*owner = NULL;
}

void zephyr_wasm_pools_close(const struct zephyr_wasm_app *app)
{
	STRUCT_SECTION_FOREACH(zephyr_wasm_pool, pool) {
		for (size_t i = 0; i < pool->count; i++) {
			if (*owner_of(pool, i) == app) {
				zephyr_wasm_pool_give(pool, i);
			}
		}
	}
}

size_t zephyr_wasm_pools_count(const struct zephyr_wasm_app *app)
{
	size_t count = 0;

	STRUCT_SECTION_FOREACH(zephyr_wasm_pool, pool) {
		count += count_in(pool, app);
	}
	return count;
}

void zephyr_wasm_pools_wake(const struct zephyr_wasm_app *app)
{
	/* Under the lock, so that the slots that are woken still belong to the app. */
	k_sched_lock();
	STRUCT_SECTION_FOREACH(zephyr_wasm_pool, pool) {
		for (size_t i = 0; i < pool->count && pool->wake != NULL; i++) {
			if (*owner_of(pool, i) == app) {
				pool->wake(owner_of(pool, i));
			}
		}
	}
	k_sched_unlock();
}
