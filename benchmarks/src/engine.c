/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The benchmarks' engine: an app of zephyr-wasm, on a thread of its own.
 */

#include <string.h>

#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/printk.h>

#include <zephyr_wasm/zephyr_wasm.h>

#include "core/app.h"

#include "../engine.h"

static struct zephyr_wasm_image image;
static struct zephyr_wasm_app *app;
static struct zephyr_wasm_status status;

/* The cycles from an app's launch until zephyr_wasm_start() has returned. */
static uint32_t launching;

const char *engine_name(void)
{
	return "zephyr-wasm";
}

#ifdef CONFIG_WASM_COMPILED
/* The one that the build has embedded: its code is part of the firmware. */
static void find_image(const struct guest *guest)
{
	STRUCT_SECTION_FOREACH(zephyr_wasm_image, embedded) {
		if (strcmp(embedded->name, guest->name) == 0) {
			image = *embedded;
		}
	}
}
#else
static void find_image(const struct guest *guest)
{
	image = (struct zephyr_wasm_image){
		.name = guest->name,
		.wasm = guest->wasm,
		.size = guest->size,
		/* The build has validated it, too, in packing it. */
		.validated = !IS_ENABLED(CONFIG_WASM_VALIDATE),
	};
}
#endif

int engine_load(const struct guest *guest)
{
	int error;

	find_image(guest);
	image.priority = CONFIG_MAIN_THREAD_PRIORITY + 1;
	status = (struct zephyr_wasm_status){0};
	/* Its thread loads it as this one waits for its end. */
	error = zephyr_wasm_start(&image, &app);
	/* Until its first instruction, it has the time of its launch here. */
	launching = error == 0 ? k_cycle_get_32() - app->start_cycles : 0;
	return error;
}

int engine_run(int32_t *result)
{
	zephyr_wasm_wait(app, K_FOREVER, &status);
	*result = status.detail;
	if (status.end != ZEPHYR_WASM_END_RETURNED) {
		printk("%s: %s\n", image.name, status.message);
		return -1;
	}
	return 0;
}

void engine_unload(struct usage *usage)
{
	*usage = (struct usage){
		/* Not what is counted by its caller already. */
		.loading_cycles = status.start_cycles - MIN(status.start_cycles, launching),
		.heap_peak = status.heap_peak,
		.linear_memory = status.linear_memory,
		.stack_peak = status.stack_peak,
	};
	zephyr_wasm_release(app);
}
