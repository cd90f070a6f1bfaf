/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Machine code that runs in a copy of its file in RAM, in user mode.
 */

#include <string.h>

#include "common.h"

#if defined(CONFIG_WASM_STORE_COPY) && defined(CONFIG_WASM_USERSPACE)

#include "core/app.h"
#include "core/code_room.h"

static K_KERNEL_STACK_DEFINE(stack, 1024);
static struct k_thread thread;
static void *found;

/* Takes memory of the size of a file, as whoever calls k_malloc() may get it, and writes to it. */
static void use(void *file_size, void *unused1, void *unused2)
{
	size_t size = (size_t)file_size;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	found = k_aligned_alloc(zephyr_wasm_code_alignment(size), zephyr_wasm_code_room(size));
	if (found != NULL) {
		memset(found, 0xff, zephyr_wasm_code_room(size));
		k_free(found);
	}
}

/* A thread of the firmware that was created in a host call, as Bluetooth's are, is in the domain of
 * the app that has called. */
ZTEST(stored_code, test_a_file_that_is_gone_is_no_part_of_its_domain)
{
	struct zephyr_wasm_app *app = run("spins");
	struct k_mem_domain *domain = app->thread.mem_domain_info.mem_domain;
	const void *copy = app->image->wasm;
	size_t size = app->image->size;

	zassert_true(runs("spins", true));
	zassert_ok(zephyr_wasm_store_erase("spins", message), "%s", message);
	(void)k_thread_create(&thread, stack, K_KERNEL_STACK_SIZEOF(stack), use, (void *)size, NULL,
			      NULL, K_PRIO_PREEMPT(1), 0, K_FOREVER);
	(void)k_mem_domain_add_thread(domain, &thread);
	k_thread_start(&thread);
	zassert_ok(k_thread_join(&thread, K_SECONDS(1)));
	zassert_equal(found, copy, "the memory of the file is not free");
	check_other();
}

#endif
