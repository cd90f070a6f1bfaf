/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What it costs to go from one app to another, and to wake one that waits in a host call; and the
 * same for threads in C.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <zephyr_wasm/zephyr_wasm.h>

#include "switches.h"

/* As guests/yielder.wat and guests/sleeper.wat have it. */
#define ROUNDS 1000

#define PRIORITY_BELOW (CONFIG_MAIN_THREAD_PRIORITY + 1)
#define PRIORITY_ABOVE (CONFIG_MAIN_THREAD_PRIORITY - 1)

ZEPHYR_WASM_IMAGE_DECLARE(yielder);
ZEPHYR_WASM_IMAGE_DECLARE(sleeper);

static struct zephyr_wasm_status status;
static K_SEM_DEFINE(wake, 0, 1);
static K_THREAD_STACK_ARRAY_DEFINE(stacks, 2, 1024);
static struct k_thread threads[2];

/* What the host API of the benchmarks does (host/src/lib.rs). */
void benchmark_step_aside(void)
{
	k_yield();
}

void benchmark_wait(void)
{
	k_sem_take(&wake, K_FOREVER);
}

static void report(const char *name, uint32_t cycles, uint32_t count)
{
	printk("{\"switch\": \"%s\", \"cycles\": %u, \"count\": %u}\n", name, (unsigned int)cycles,
	       (unsigned int)count);
}

static void call_often(void *call, void *unused1, void *unused2)
{
	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	for (int i = 0; i < ROUNDS; i++) {
		((void (*)(void))call)();
	}
}

/* Starts a thread that calls a function as often as an app does. */
static void start(int index, void (*call)(void), int priority)
{
	k_thread_create(&threads[index], stacks[index], K_THREAD_STACK_SIZEOF(stacks[index]),
			call_often, (void *)call, NULL, NULL, priority, 0, K_NO_WAIT);
}

static void switch_threads(void)
{
	uint32_t begin;

	start(0, benchmark_step_aside, PRIORITY_BELOW);
	start(1, benchmark_step_aside, PRIORITY_BELOW);
	begin = k_cycle_get_32();
	k_thread_join(&threads[0], K_FOREVER);
	k_thread_join(&threads[1], K_FOREVER);
	report("threads", k_cycle_get_32() - begin, 2 * ROUNDS);
}

static void switch_apps(void)
{
	struct zephyr_wasm_app *apps[2];
	uint32_t begin = k_cycle_get_32();
	uint32_t all;

	for (int i = 0; i < 2; i++) {
		if (zephyr_wasm_start(ZEPHYR_WASM_IMAGE(yielder), &apps[i]) != 0) {
			return;
		}
	}
	zephyr_wasm_wait(apps[0], K_FOREVER, &status);
	zephyr_wasm_wait(apps[1], K_FOREVER, &status);
	all = k_cycle_get_32() - begin;
	/* The second one was loaded last. */
	report("apps", all - status.start_cycles, 2 * ROUNDS);
	zephyr_wasm_release(apps[0]);
	zephyr_wasm_release(apps[1]);
}

/* Wakes what waits above this thread, until it has been often enough. */
static uint32_t wake_often(void)
{
	uint32_t begin = k_cycle_get_32();

	for (int i = 0; i < ROUNDS; i++) {
		k_sem_give(&wake);
	}
	return k_cycle_get_32() - begin;
}

static void wake_thread(void)
{
	start(0, benchmark_wait, PRIORITY_ABOVE);
	report("wake thread", wake_often(), ROUNDS);
	k_thread_join(&threads[0], K_FOREVER);
}

static void wake_app(void)
{
	struct zephyr_wasm_app *app;

	/* It is above, and so waits as this returns. */
	if (zephyr_wasm_start(ZEPHYR_WASM_IMAGE(sleeper), &app) != 0) {
		return;
	}
	report("wake app", wake_often(), ROUNDS);
	zephyr_wasm_wait(app, K_FOREVER, &status);
	zephyr_wasm_release(app);
}

void measure_switches(void)
{
	switch_threads();
	switch_apps();
	wake_thread();
	wake_app();
}
