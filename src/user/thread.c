/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The threads of apps in user mode, from their creation to the end of the app.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/printk.h>

#include "core/module.h"
#include "core/app.h"
#include "core/entry.h"
#include "core/slots.h"
#include "zephyr_wasm_declared.h"
#include "zephyr_wasm_gate.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

#define STACK_SIZE K_THREAD_STACK_SIZEOF(zephyr_wasm_stacks[0])

K_THREAD_STACK_ARRAY_DEFINE(zephyr_wasm_stacks, CONFIG_WASM_MAX_APPS, CONFIG_WASM_APP_STACK_SIZE);

size_t zephyr_wasm_stack_of(size_t slot, k_thread_stack_t **stack)
{
	*stack = zephyr_wasm_stacks[slot];
	return STACK_SIZE;
}

#ifdef CONFIG_WASM_COMPILED
uintptr_t zephyr_wasm_stack_start(void)
{
	uint8_t here;
	size_t offset = (uintptr_t)&here - (uintptr_t)zephyr_wasm_stacks;

	return (uintptr_t)K_THREAD_STACK_BUFFER(
		zephyr_wasm_stacks[offset / sizeof(zephyr_wasm_stacks[0])]);
}
#endif

static void run(void *region, void *unused1, void *unused2)
{
	struct zephyr_wasm_user *user = region;
	uint8_t end;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	zephyr_wasm_user_entered();
	end = zephyr_wasm_rs_run(&user->source, user->call, &user->limits, &user->detail,
				 user->message);
	zephyr_wasm_user_finish(end, user->detail, user->message,
				user->call == NULL ? NULL : user->call->result);
}

/* Whether the machine code that runs is in the module's file, and not in the image. */
static bool has_code_in_it(const struct zephyr_wasm_source *source)
{
	return source->entry != NULL &&
	       (uintptr_t)source->entry - (uintptr_t)source->wasm < source->size;
}

/* Has a module interpreted whose machine code cannot run. */
static void interpret(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source)
{
	LOG_WRN("%s: is interpreted, as its machine code is where no app in user mode can execute "
		"it",
		app->image->name);
	source->entry = NULL;
	source->validated = !IS_ENABLED(CONFIG_WASM_VALIDATE);
	app->compiled = false;
}

/* Makes the module readable in user mode. Modules in flash are shown to apps; any other is copied
 * to the app's own memory, unless machine code in it runs where it is. A program that was read from
 * a file is there already. */
static bool make_readable(struct zephyr_wasm_app *app, struct zephyr_wasm_user *user)
{
	size_t slot = zephyr_wasm_slot_of(app);
	struct zephyr_wasm_source *source = &user->source;

	zephyr_wasm_user_show(source->wasm, source->size);
	if (app->image->path != NULL) {
		user->copy = (void *)source->wasm;
		if (source->entry != NULL) {
			interpret(app, source);
		}
		return true;
	}
	if (arch_buffer_validate(source->wasm, source->size, false) == 0) {
		return true;
	}
	if (has_code_in_it(source) && zephyr_wasm_user_map(slot, source->wasm, source->size)) {
		return true;
	}
	if (has_code_in_it(source) && !IS_ENABLED(CONFIG_WASM_INTERPRETER)) {
		return false;
	}
	if (has_code_in_it(source)) {
		interpret(app, source);
	}
	user->copy = sys_heap_alloc(&user->heap, source->size);
	if (user->copy == NULL) {
		return false;
	}
	memcpy(user->copy, source->wasm, source->size);
	source->wasm = user->copy;
	return true;
}

/* Copies a call of a function into the app's own memory. Whoever calls keeps its texts, and is
 * given the result as the app ends. */
static bool copy_call(const struct zephyr_wasm_call *call, struct zephyr_wasm_user *user)
{
	const char *arguments = call->arguments == NULL ? "" : call->arguments;
	size_t name_size = strlen(call->function) + 1;
	size_t arguments_size = strlen(arguments) + 1;
	char *copy = sys_heap_alloc(&user->heap, name_size + arguments_size + call->result_size);

	if (copy == NULL) {
		return false;
	}
	user->own_call = (struct zephyr_wasm_call){
		.function = memcpy(copy, call->function, name_size),
		.arguments = memcpy(copy + name_size, arguments, arguments_size),
		.result = copy + name_size + arguments_size,
		.result_size = call->result_size,
	};
	memset(user->own_call.result, 0, call->result_size);
	user->call = &user->own_call;
	return true;
}

/* Refuses a program in a file whose manifest grants what the gate would not let it have. */
static uint8_t check_grants(struct zephyr_wasm_app *app, const struct zephyr_wasm_source *source,
			    int32_t *detail)
{
	const char *lacking = zephyr_wasm_gate_lacks(app, source->wasm, source->size);

#ifdef CONFIG_WASM_WASI_FILES
	/* src/wasi/may.c asks whoever has started it, or a manifest that the kernel knows. */
	if (lacking == NULL && !app->is_given &&
	    (zephyr_wasm_rs_grant(source->wasm, source->size, "dirs", NULL, 0) >= 0 ||
	     zephyr_wasm_rs_grant(source->wasm, source->size, "read-only", NULL, 0) >= 0)) {
		lacking = "directories";
	}
#endif
	if (lacking == NULL) {
		return ZEPHYR_WASM_END_NONE;
	}
	*detail = ZEPHYR_WASM_REFUSED_NOT_GRANTED;
	(void)snprintk(app->message, sizeof(app->message),
		       "its manifest has %s, which no program in a file gets in user mode "
		       "(CONFIG_WASM_USERSPACE): embed it, or install it in the store",
		       lacking);
	return ZEPHYR_WASM_END_REFUSED;
}

/* Has the calling thread enter user mode. Returns only if it cannot. */
static uint8_t enter(struct zephyr_wasm_app *app, int32_t *detail)
{
	struct zephyr_wasm_user *user = zephyr_wasm_user_of(zephyr_wasm_slot_of(app));
	uint8_t end = zephyr_wasm_find_module(app, &user->source, &user->limits, detail);
	bool is_readable;

	if (end == ZEPHYR_WASM_END_NONE && app->image->path != NULL) {
		end = check_grants(app, &user->source, detail);
	}
	if (end != ZEPHYR_WASM_END_NONE) {
		return end;
	}
	user->call = app->call;
	if (app->call != NULL && app->call->function != NULL && !copy_call(app->call, user)) {
		*detail = ZEPHYR_WASM_REFUSED_MEMORY;
		(void)snprintk(app->message, sizeof(app->message),
			       "the call's arguments and room for its result do not fit its "
			       "region: raise CONFIG_WASM_APP_HEAP_SIZE");
		return ZEPHYR_WASM_END_REFUSED;
	}
	/* Marked as a host call, because a kill must not come while memory protection changes. */
	zephyr_wasm_host_begin();
	is_readable = make_readable(app, user);
	zephyr_wasm_host_end();
	if (!is_readable && has_code_in_it(&user->source)) {
		*detail = ZEPHYR_WASM_REFUSED_CODE;
		(void)snprintk(app->message, sizeof(app->message),
			       "its machine code is where no app in user mode can execute it: "
			       "wasm_partition has to be in the image's flash, or its memory "
			       "domain needs one partition more");
		return ZEPHYR_WASM_END_REFUSED;
	}
	if (!is_readable) {
		*detail = ZEPHYR_WASM_REFUSED_MEMORY;
		(void)snprintk(app->message, sizeof(app->message),
			       "its %u bytes are not in flash, and do not fit its region: raise "
			       "CONFIG_WASM_APP_HEAP_SIZE",
			       (unsigned int)user->source.size);
		return ZEPHYR_WASM_END_REFUSED;
	}
	/* On ARM, Zephyr moves the stack guard before it has set the new place. A switch to another
	 * thread and back in between would find no guard (an assertion), or one over memory below
	 * the stack. So the scheduler is locked until the thread is in user mode. */
	k_sched_lock();
	k_thread_user_mode_enter(run, user, NULL, NULL);
}

static void app_main(void *slot, void *unused1, void *unused2)
{
	int32_t detail;
	uint8_t end;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	end = enter(slot, &detail);
	zephyr_wasm_note_end(slot, end, detail);
	k_sleep(K_FOREVER);
}

void zephyr_wasm_make_thread(struct zephyr_wasm_app *app, int priority)
{
	size_t slot = zephyr_wasm_slot_of(app);

	/* Cleared, because the app can read all of the stack's memory, including what is before the
	 * stack where RISC-V's memory protection wants a power of two. */
	memset(zephyr_wasm_stacks[slot], 0, sizeof(zephyr_wasm_stacks[slot]));
	/* Cleared as well: the thread begins with these registers. Zephyr sets only those that it
	 * needs, and the others would be those of the app before. */
	memset(&app->thread.callee_saved, 0, sizeof(app->thread.callee_saved));
#ifdef CONFIG_FPU_SHARING
	memset(&app->thread.arch.saved_fp_context, 0, sizeof(app->thread.arch.saved_fp_context));
#endif
	k_thread_create(&app->thread, zephyr_wasm_stacks[slot], STACK_SIZE, app_main, app, NULL,
			NULL, priority, 0, K_FOREVER);
	zephyr_wasm_user_confine(app);
}
