/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps are started, stopped, killed, paused, released, listed and called by several threads at
 * once, and use every host API meanwhile. In the end nothing is left of any of them.
 */

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/printk.h>
#include <zephyr/sys/sys_heap.h>
#include <zephyr/ztest.h>

#include "core/pool.h"
#include "storm.h"

/* What the sample's model of a PWM writes to. */
LOG_MODULE_REGISTER(firmware);

ZEPHYR_WASM_IMAGE_DECLARE(returns);
ZEPHYR_WASM_IMAGE_DECLARE(busy);

/* What the system has beside the apps. */
struct balance {
	size_t free_slots;
	size_t heap;
};

static struct balance balance(void)
{
	struct balance balance = {
		/* Of all pools, those that are nobody's. */
		.free_slots = zephyr_wasm_pools_count(NULL),
	};
#if K_HEAP_MEM_POOL_SIZE > 0
	extern struct k_heap _system_heap;
	struct sys_memory_stats stats;

	zassert_ok(sys_heap_runtime_stats_get(&_system_heap.heap, &stats));
	balance.heap = stats.allocated_bytes;
#endif
	return balance;
}

static void is_no_apps(const struct k_thread *thread, void *unused)
{
	ARG_UNUSED(unused);
	zassert_false(zephyr_wasm_is_slot(CONTAINER_OF(thread, struct zephyr_wasm_app, thread)),
		      "the slots are free, and the thread \"%s\" is still there",
		      k_thread_name_get((k_tid_t)thread));
}

static void end_all(void)
{
	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		struct zephyr_wasm_status status;

		zassert_ok(zephyr_wasm_kill(app));
		zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status), "%s has not ended",
			   app->image->name);
		zassert_equal(status.held, 0, "%s still holds something", app->image->name);
		zassert_ok(zephyr_wasm_release(app));
	}
	zassert_is_null(zephyr_wasm_next(NULL));
	k_thread_foreach(is_no_apps, NULL);
}

/* Every slot is as good as new. */
static void all_slots_run(const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_app *apps[CONFIG_WASM_MAX_APPS];

	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		zassert_ok(zephyr_wasm_start(image, &apps[i]));
	}
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		struct zephyr_wasm_status status;

		zassert_ok(zephyr_wasm_wait(apps[i], K_SECONDS(60), &status));
		zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
		zassert_ok(zephyr_wasm_release(apps[i]));
	}
}

ZTEST(storm, test_nothing_is_left_of_a_storm)
{
	struct balance before, after;

	/* Zephyr's drivers and network take what they keep as they are first used. */
	all_slots_run(ZEPHYR_WASM_IMAGE(busy));
	before = balance();
	printk("seed %u, %d seconds: repeat it by -DSEED=%u -DSECONDS=%d\n", SEED, SECONDS, SEED,
	       SECONDS);
	storm_begin(SEED);
	for (int second = 0; second < SECONDS; second += 5) {
		k_sleep(K_SECONDS(5));
		storm_look();
	}
	storm_end();
	end_all();
	after = balance();
	zassert_equal(after.free_slots, before.free_slots, "%zu of the pools, and %zu before",
		      after.free_slots, before.free_slots);
	zassert_equal(after.heap, before.heap, "%zu bytes of the heap, and %zu before", after.heap,
		      before.heap);
	all_slots_run(ZEPHYR_WASM_IMAGE(returns));
}

ZTEST_SUITE(storm, NULL, NULL, NULL, NULL, NULL);
