/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What happens on an app's thread: its module is found and given to the runtime, which says where
 * it is in its life.
 */

#include <zephyr/kernel.h>

#include "internal.h"

#ifdef CONFIG_WASM_USERSPACE
#include "user/zephyr_wasm_gate.h"
#endif
#ifdef CONFIG_WASM_COOPERATIVE
#include "cooperative.h"
#endif

static const struct zephyr_wasm_limits limits = {ZEPHYR_WASM_LIMITS_OF_IMAGE};

#ifdef CONFIG_WASM_STORE
const struct zephyr_wasm_call zephyr_wasm_check_only;
#endif

/* Finds the module of an app: 0, or an enum zephyr_wasm_refusal. */
static uint8_t find_module(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source)
{
	const struct zephyr_wasm_image *image = app->image;

	*source = (struct zephyr_wasm_source){
		.wasm = image->wasm,
		.size = image->size,
		.validated = image->validated,
	};
#ifdef CONFIG_WASM_WASI_FILES
	if (image->path != NULL) {
		uint8_t refusal = zephyr_wasm_load(app, source);

#ifdef CONFIG_WASM_STORE
		if (refusal == 0) {
			refusal = zephyr_wasm_store_verify_file(source, image->name, app->message);
		}
#endif
		return refusal;
	}
#endif
#ifdef CONFIG_WASM_STORE
	return zephyr_wasm_store_verify(image, &source->validated, app->message);
#else
	return 0;
#endif
}

#ifdef CONFIG_WASM_COOPERATIVE
void *zephyr_wasm_enter(struct zephyr_wasm_app *app, uint8_t *end, int32_t *detail)
{
	struct zephyr_wasm_source source;

	/* It is in flash, and nothing can go wrong before it is loaded. */
	(void)find_module(app, &source);
	return zephyr_wasm_rs_enter(&source, &limits, end, detail, app->message);
}
#else
static uint8_t run(struct zephyr_wasm_app *app, int32_t *detail)
{
	struct zephyr_wasm_source source;

	/* It may read a file, or flash. */
	zephyr_wasm_host_begin();
	*detail = find_module(app, &source);
	zephyr_wasm_host_end();
	if (*detail != 0) {
		return ZEPHYR_WASM_END_REFUSED;
	}
#ifdef CONFIG_WASM_STORE
	if (zephyr_wasm_store_is_request(app->image)) {
		return ZEPHYR_WASM_END_RETURNED;
	}
#endif
#ifdef CONFIG_WASM_WASI
	if (app->command != NULL) {
		struct zephyr_wasm_limits own = limits;

		own.memory = app->command->memory;
		return zephyr_wasm_rs_run(&source, app->call, &own, detail, app->message);
	}
#endif
#ifdef CONFIG_WASM_USERSPACE
	return zephyr_wasm_user_enter(app, &source, &limits, detail);
#else
	return zephyr_wasm_rs_run(&source, app->call, &limits, detail, app->message);
#endif
}

void zephyr_wasm_app_main(void *slot, void *unused1, void *unused2)
{
	struct zephyr_wasm_app *app = slot;
	int32_t detail = 0;
	uint8_t end;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);

	end = run(app, &detail);
	zephyr_wasm_note_end(app, end, detail);
	k_sleep(K_FOREVER);
}
#endif

/* Called by the runtime as it has taken what it needs of the module, or has refused it. */
void zephyr_wasm_loaded(void)
{
#if defined(CONFIG_WASM_WASI) && !defined(CONFIG_WASM_CALL)
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		zephyr_wasm_free(app->file);
		app->file = NULL;
	}
#endif
}

/* Called by the runtime as the app's first instruction is next. */
void zephyr_wasm_started(void *host)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		app->state = ZEPHYR_WASM_STATE_RUNNING;
		app->host = host;
		app->start_cycles = k_cycle_get_32() - app->start_cycles;
	}
}

/* Called by the runtime after the app's last instruction: it holds nothing any more. */
void zephyr_wasm_stopped(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		app->host = NULL;
	}
}

/* A firmware that adds host APIs has its own of this: host_apis! in Rust, and zephyr_wasm_api() in
 * CMake. */
__weak void zephyr_wasm_add_apis(void *added)
{
	ARG_UNUSED(added);
}

#ifdef CONFIG_WASM_NATIVE_SIM_CLOCK
/* Called by the runtime after each 10,000 instructions of an app. */
void zephyr_wasm_slice_ended(void)
{
	k_busy_wait(100);
}
#endif
