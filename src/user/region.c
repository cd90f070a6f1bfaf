/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The memory of each app in user mode: a memory partition that only the app's own thread can
 * access. The kernel reads from it only where a wrong number can do no harm.
 */

#include <string.h>

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/libc-hooks.h>
#include <zephyr/sys/sys_heap.h>

#include "core/app.h"
#include "core/code_room.h"
#include "core/give.h"
#include "core/observer.h"
#include "core/region.h"
#include "core/room.h"
#include "core/slots.h"
#include "zephyr_wasm_gate.h"

#ifdef CONFIG_MPU_REQUIRES_POWER_OF_TWO_ALIGNMENT
BUILD_ASSERT(IS_POWER_OF_TWO(CONFIG_WASM_APP_HEAP_SIZE),
	     "CONFIG_WASM_APP_HEAP_SIZE has to be a power of two for this processor's protection");
#define ALIGNMENT CONFIG_WASM_APP_HEAP_SIZE
#else
/* The granularity of memory protection. */
#define ALIGNMENT ZEPHYR_WASM_CODE_UNIT
BUILD_ASSERT(CONFIG_WASM_APP_HEAP_SIZE % ALIGNMENT == 0,
	     "CONFIG_WASM_APP_HEAP_SIZE has to be a multiple of 32, or of CONFIG_PMP_GRANULARITY");
#endif

static uint8_t
	regions[CONFIG_WASM_MAX_APPS][CONFIG_WASM_APP_HEAP_SIZE] __aligned(ALIGNMENT) __noinit;

/* The engine's static data: the last numbers of its engines, stores and validations. The numbers
 * only have to differ within an app, so all apps may write them. */
K_APPMEM_PARTITION_DEFINE(zephyr_wasm_engine_partition);

/* The C library's static data (errno on ARM, the state of printf(), the heap of malloc()) is also
 * used by the kernel. Zephyr's z_libc_partition lets threads in user mode write it. Apps can only
 * read it, for stack canaries and errno. Where the processor cannot express that, they have no
 * access. */
#if defined(Z_LIBC_PARTITION_EXISTS) && defined(K_MEM_PARTITION_P_RW_U_RO)
#define READS_LIBRARY
#else
BUILD_ASSERT(!IS_ENABLED(CONFIG_STACK_CANARIES) && !IS_ENABLED(CONFIG_STACK_CANARIES_STRONG) &&
		     !IS_ENABLED(CONFIG_STACK_CANARIES_ALL) &&
		     !IS_ENABLED(CONFIG_STACK_CANARIES_EXPLICIT),
	     "apps in user mode cannot read stack canaries on this processor, and may not write "
	     "them: turn CONFIG_STACK_CANARIES off");
#endif

/* The protection unit of ARMv8-M cannot let the kernel write memory that apps may only read: apps
 * could write it, too. */
#if defined(CONFIG_ARM_MPU) && !defined(K_MEM_PARTITION_P_RW_U_RO)
BUILD_ASSERT(
	!IS_ENABLED(CONFIG_MPU_ALLOW_FLASH_WRITE),
	"apps in user mode could write flash on this processor, the kernel's code in it, while "
	"its driver writes: turn CONFIG_MPU_ALLOW_FLASH_WRITE off, or what selects it");
#endif

/* A file whose machine code runs where it is becomes a partition of its app's, unless that is in
 * flash that apps can read and execute anyway, as on ARM. */
#if defined(CONFIG_WASM_COMPILED_STORE) &&                                                         \
	(defined(CONFIG_RISCV) || defined(CONFIG_WASM_STORE_COPY))
#define MAPS_CODE
#if defined(CONFIG_RISCV_PMP) && !defined(CONFIG_MPU_REQUIRES_POWER_OF_TWO_ALIGNMENT)
BUILD_ASSERT(CONFIG_PMP_SLOTS >= 16,
	     "CONFIG_WASM_COMPILED_STORE in user mode needs 16 slots of the PMP, or "
	     "CONFIG_PMP_POWER_OF_TWO_ALIGNMENT with CONFIG_WASM_STORE_COPY");
#endif
#endif

static struct {
	struct k_mem_domain domain;
	struct k_mem_partition region;
#ifdef READS_LIBRARY
	struct k_mem_partition library;
#endif
#ifdef MAPS_CODE
	/* The file of the app that is on the slot, if its machine code runs where it is. */
	struct k_mem_partition file;
#endif
	bool is_set_up;
} confines[CONFIG_WASM_MAX_APPS];

struct zephyr_wasm_user *zephyr_wasm_user_of(size_t slot)
{
	return (struct zephyr_wasm_user *)regions[slot];
}

void zephyr_wasm_user_confine(struct zephyr_wasm_app *app)
{
	size_t slot = zephyr_wasm_slot_of(app);

	if (!confines[slot].is_set_up) {
		struct k_mem_partition *partitions[] = {
			&confines[slot].region,
#ifdef READS_LIBRARY
			&confines[slot].library,
#endif
			&zephyr_wasm_engine_partition,
		};
		/* Without an interpreter, the last one is empty. */
		size_t count = ARRAY_SIZE(partitions) - !IS_ENABLED(CONFIG_WASM_INTERPRETER);

		confines[slot].region = (struct k_mem_partition){
			.start = (uintptr_t)regions[slot],
			.size = sizeof(regions[slot]),
			.attr = K_MEM_PARTITION_P_RW_U_RW,
		};
#ifdef READS_LIBRARY
		confines[slot].library = z_libc_partition;
		confines[slot].library.attr = K_MEM_PARTITION_P_RW_U_RO;
#endif
		if (k_mem_domain_init(&confines[slot].domain, count, partitions) != 0) {
			k_panic();
		}
		confines[slot].is_set_up = true;
	}
	(void)k_mem_domain_add_thread(&confines[slot].domain, &app->thread);
	zephyr_wasm_gate_launched(app);
}

bool zephyr_wasm_user_map(size_t slot, const void *start, size_t size)
{
#ifdef MAPS_CODE
	/* Nothing else is in the blocks of flash that a file has, or in the room of its copy. */
	confines[slot].file = (struct k_mem_partition){
		.start = (uintptr_t)start,
		.size = zephyr_wasm_code_room(size),
		.attr = K_MEM_PARTITION_P_RX_U_RX,
	};
	if (k_mem_domain_add_partition(&confines[slot].domain, &confines[slot].file) == 0) {
		return true;
	}
	confines[slot].file.size = 0;
#else
	ARG_UNUSED(slot);
	ARG_UNUSED(start);
	ARG_UNUSED(size);
#endif
	return false;
}

#ifdef MAPS_CODE
/* The app's thread is gone, but others may be in its domain: those that were created in its host
 * calls, as Bluetooth's are. On ARM, the kernel cannot write the file on such a thread, either. So
 * it is taken from the domain before its memory can be freed, and be somebody else's. */
static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	size_t slot = zephyr_wasm_slot_of(app);

	if (event == ZEPHYR_WASM_EVENT_CLOSED && confines[slot].file.size > 0) {
		(void)k_mem_domain_remove_partition(&confines[slot].domain, &confines[slot].file);
		confines[slot].file.size = 0;
	}
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, user) = {.on = on};
#endif

void zephyr_wasm_region_init(struct zephyr_wasm_app *app, size_t size)
{
	size_t slot = zephyr_wasm_slot_of(app);
	struct zephyr_wasm_user *user = zephyr_wasm_user_of(slot);

	/* A manifest that asks for more than the image has is refused later, on the app's thread.
	 */
	if (size == 0 || size > sizeof(regions[slot]) - sizeof(*user)) {
		size = sizeof(regions[slot]) - sizeof(*user);
	}
	app->heap_size = MAX(size, ZEPHYR_WASM_HEAP_SMALLEST);
	/* Clears the whole region, so that the app cannot read what the app before it on this slot
	 * has left. */
	memset(regions[slot], 0, sizeof(regions[slot]));
	sys_heap_init(&user->heap, user + 1, app->heap_size);
	user->heap_size = app->heap_size;
	/* The kernel's own copy of the pointer to the heap. */
	app->heap = user->heap;
}

struct zephyr_wasm_region_use zephyr_wasm_region_use(struct zephyr_wasm_app *app)
{
	const struct zephyr_wasm_user *user = zephyr_wasm_user_of(zephyr_wasm_slot_of(app));
	struct zephyr_wasm_region_use use = zephyr_wasm_heap_use(&app->heap, user->linear);

	use.refused = user->refused;
	return use;
}

/* An app's thread finds its region by the address of its stack, which takes no system call. */
static struct zephyr_wasm_user *own(void)
{
	uint8_t here;
	size_t slot =
		((uintptr_t)&here - (uintptr_t)zephyr_wasm_stacks) / sizeof(zephyr_wasm_stacks[0]);

	return zephyr_wasm_user_of(slot);
}

void *zephyr_wasm_alloc(size_t size, size_t align)
{
	struct zephyr_wasm_user *user;
	void *memory;

	if (!k_is_user_context()) {
		return zephyr_wasm_alloc_outside(size, align);
	}
	user = own();
	memory = zephyr_wasm_linear_alloc(&user->heap, user->heap_size, &user->linear, size, align);
	if (memory == NULL && !user->may_fail) {
		user->refused = size;
		zephyr_wasm_user_end(ZEPHYR_WASM_END_OUT_OF_MEMORY);
	}
	user->may_fail = false;
	return memory;
}

void zephyr_wasm_free(void *memory)
{
	if (k_is_user_context()) {
		struct zephyr_wasm_user *user = own();

		zephyr_wasm_linear_free(&user->linear, memory);
		sys_heap_free(&user->heap, memory);
		return;
	}
	zephyr_wasm_free_outside(memory);
}

bool zephyr_wasm_memory_is(size_t size, size_t most)
{
	struct zephyr_wasm_user *user;

	if (!k_is_user_context()) {
		return true;
	}
	user = own();
	return zephyr_wasm_linear_is(&user->linear, &user->heap, size, most, &user->may_fail);
}

#ifdef CONFIG_WASM_COMPILED
size_t zephyr_wasm_compiled_room(size_t head, size_t least, size_t most)
{
	struct zephyr_wasm_user *user;

	if (!k_is_user_context()) {
		return most;
	}
	user = own();
	return zephyr_wasm_room_in(&user->heap, user->heap_size, head, least, most);
}

void zephyr_wasm_compiled_memory_is(size_t size)
{
	if (k_is_user_context()) {
		own()->linear.size = size;
	}
}
#endif

#ifdef CONFIG_WASM_VALIDATE
bool zephyr_wasm_memory_stays(const void *memory, size_t size)
{
	return k_is_user_context() && zephyr_wasm_linear_stays(&own()->linear, memory, size);
}

size_t zephyr_wasm_memory_has(const void *memory, size_t size)
{
	return k_is_user_context() ? zephyr_wasm_linear_has(&own()->linear, memory, size) : size;
}
#endif

void zephyr_wasm_next_allocation_may_fail(void)
{
	if (k_is_user_context()) {
		own()->may_fail = true;
	}
}

union given **zephyr_wasm_given_list(void)
{
	return k_is_user_context() ? &own()->given : NULL;
}

void zephyr_wasm_user_loaded(void)
{
	struct zephyr_wasm_user *user = own();

	/* With calls by name, the engine needs it as long as the app runs. */
	if (!IS_ENABLED(CONFIG_WASM_CALL)) {
		sys_heap_free(&user->heap, user->copy);
		user->copy = NULL;
	}
}

/* Nothing of the app has run yet, so the kernel believes what its region says. */
void *zephyr_wasm_region_take(struct zephyr_wasm_app *app, size_t size, size_t align)
{
	struct zephyr_wasm_user *user = zephyr_wasm_user_of(zephyr_wasm_slot_of(app));

	return zephyr_wasm_linear_alloc(&user->heap, user->heap_size, &user->linear, size, align);
}

void zephyr_wasm_region_give(struct zephyr_wasm_app *app, void *memory)
{
	struct zephyr_wasm_user *user = zephyr_wasm_user_of(zephyr_wasm_slot_of(app));

	zephyr_wasm_linear_free(&user->linear, memory);
	sys_heap_free(&user->heap, memory);
}
