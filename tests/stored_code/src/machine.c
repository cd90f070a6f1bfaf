/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Machine code that no compiler of ours would write, in user mode. Whoever may sign machine code
 * has signed it; it ends itself, and nobody else.
 */

#include <stdio.h>
#include <string.h>

#include "common.h"

#ifdef CONFIG_WASM_USERSPACE

#include "core/slots.h"
#include "user/zephyr_wasm_gate.h"

#ifdef CONFIG_CPU_CORTEX_M
#include <cmsis_core.h>

#define CODE 1
#else
#define CODE 0
#endif

#define IN_KERNEL 0x12345678

static volatile uint32_t in_kernel = IN_KERNEL;
static K_SEM_DEFINE(of_kernel, 0, 1);
static const uint32_t in_flash = 1;
/* Where the app can read it. */
static const struct zephyr_wasm_app *const slots = zephyr_wasm_apps;

/* What an app says that has two imports, and a memory that does not grow. */
static const struct zephyr_wasm_compiled_info fit = {
	.abi = ZEPHYR_WASM_COMPILED_ABI,
	.instance_size = ROUND_UP(sizeof(struct zephyr_wasm_compiled_instance), 8),
	.import_count = 2,
	.memory_min = 1024,
	.memory_max = 1024,
};

typedef struct zephyr_wasm_compiled_instance *instance_t;
typedef union zephyr_wasm_compiled_value *values_t;

/* An app that does as others until it is called. */
#define ATTACK(name, body)                                                                         \
	static uint32_t name(uint32_t operation, instance_t instance, uint32_t number,             \
			     void *argument)                                                       \
	{                                                                                          \
		values_t values = argument;                                                        \
                                                                                                   \
		ARG_UNUSED(instance);                                                              \
		ARG_UNUSED(number);                                                                \
		if (operation == ZEPHYR_WASM_COMPILED_INFO) {                                      \
			*(struct zephyr_wasm_compiled_info *)argument = fit;                       \
		}                                                                                  \
		if (operation != ZEPHYR_WASM_COMPILED_CALL) {                                      \
			return 0;                                                                  \
		}                                                                                  \
		values[0].i32 = 1;                                                                 \
		body;                                                                              \
		return 0;                                                                          \
	}

/* The neighbour is on the first slot. */
#define NEIGHBOUR 0

static inline void write_to(const volatile void *address)
{
	*(volatile uint32_t *)address = 0;
}

static inline uint32_t read_from(const volatile void *address)
{
	return *(const volatile uint32_t *)address;
}

static inline void jump_to(const volatile void *address)
{
	((void (*)(void))((uintptr_t)address | CODE))();
}

#define FLASH ((const uint8_t *)DT_REG_ADDR(DT_NODELABEL(store_memory)))

/* Behind the journal. */
#define FILES (FLASH + 8192)

ATTACK(does_nothing, values[0].i32 = 42)
ATTACK(reads_kernel, (void)read_from(&in_kernel))
ATTACK(writes_kernel, write_to(&in_kernel))
ATTACK(runs_data_of_kernel, jump_to(&in_kernel))
ATTACK(gives_semaphore, z_impl_k_sem_give(&of_kernel))
ATTACK(aborts_neighbour, z_impl_k_thread_abort((k_tid_t)&slots[NEIGHBOUR].thread))
ATTACK(reads_neighbour, (void)read_from(zephyr_wasm_user_of(NEIGHBOUR) + 1))
ATTACK(writes_neighbour, write_to(zephyr_wasm_user_of(NEIGHBOUR) + 1))
ATTACK(reads_stack_of_neighbour,
       (void)read_from(K_THREAD_STACK_BUFFER(zephyr_wasm_stacks[NEIGHBOUR])))
ATTACK(writes_image, write_to(&in_flash))
ATTACK(writes_store, write_to(FILES))
ATTACK(writes_journal, write_to(FLASH))
ATTACK(reads_console, (void)read_from((void *)DT_REG_ADDR(DT_CHOSEN(zephyr_console))))
ATTACK(runs_its_memory, {
	*(uint16_t *)instance->memory = 0x4770;
	jump_to(instance->memory);
})
ATTACK(runs_its_stack, {
	volatile uint32_t here = 0;

	jump_to(&here);
})
ATTACK(runs_nowhere, jump_to((void *)0xdfff0000))
ATTACK(leaves_no_instance, {
	const struct zephyr_wasm_compiled_runtime *runtime = instance->runtime;

	memset(instance, 0xff, sizeof(*instance));
	runtime->trap(instance, 99, 0);
})
ATTACK(reads_store, values[0].i32 = read_from(FILES) == 0x6d736100 ? 42 : 1)
ATTACK(reads_journal, values[0].i32 = read_from(FLASH) == 0 ? 1 : 42)
#ifdef CONFIG_CPU_CORTEX_M
/* Where boards have their settings. */
ATTACK(reads_other_flash,
       (void)read_from((void *)(CONFIG_FLASH_BASE_ADDRESS + KB(CONFIG_FLASH_SIZE) - 4096)))
#else
ATTACK(reads_other_flash,
       (void)read_from((void *)(CONFIG_SRAM_BASE_ADDRESS + KB(CONFIG_SRAM_SIZE) - 4096)))
#endif

/* What no call of theirs comes back from. */
static zephyr_wasm_compiled_entry *const attacks[] = {
	reads_kernel,      writes_kernel,   runs_data_of_kernel, gives_semaphore,
	aborts_neighbour,  reads_neighbour, writes_neighbour,    reads_stack_of_neighbour,
	writes_image,      writes_store,    writes_journal,      reads_console,
	runs_its_memory,   runs_its_stack,  runs_nowhere,        leaves_no_instance,
	reads_other_flash,
};

/* Runs code as that of an app that this firmware has. */
static struct zephyr_wasm_status end_of_code(zephyr_wasm_compiled_entry *entry,
					     k_timeout_t patience)
{
	struct zephyr_wasm_image image = {
		.name = "attacker",
		.wasm = file_of("plain")->bytes,
		.size = file_of("plain")->size,
		.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
		.validated = true,
		.entry = entry,
	};
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(&image, &app));
	if (zephyr_wasm_wait(app, patience, NULL) == -EAGAIN) {
		zassert_ok(zephyr_wasm_kill(app));
	}
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(5), &status));
	zassert_ok(zephyr_wasm_release(app));
	return status;
}

static void check_kernel(void)
{
	zassert_equal(in_kernel, IN_KERNEL);
	zassert_equal(k_sem_count_get(&of_kernel), 0);
	check_other();
}

ZTEST(stored_code, test_what_machine_code_cannot_do)
{
	struct zephyr_wasm_status status = end_of_code(does_nothing, K_SECONDS(1));

	zassert_true(status.end == ZEPHYR_WASM_END_RETURNED && status.detail == 42, "%s",
		     status.message);
	zassert_equal(zephyr_wasm_find("other"), &zephyr_wasm_apps[NEIGHBOUR]);
	for (size_t i = 0; i < ARRAY_SIZE(attacks); i++) {
		status = end_of_code(attacks[i], K_SECONDS(1));
		zassert_equal(status.end, ZEPHYR_WASM_END_FAULTED, "attack %u: end %d: %s",
			      (unsigned int)i, status.end, status.message);
		check_kernel();
	}
}

/* On ARM, whatever is in the same eighth of the flash as a part of the image or of an app's file
 * that runs there: docs/security.md. */
ZTEST(stored_code, test_what_machine_code_can_read)
{
	const bool can = IS_ENABLED(CONFIG_CPU_CORTEX_M) && !IS_ENABLED(CONFIG_WASM_STORE_COPY);
	const enum zephyr_wasm_end end = can ? ZEPHYR_WASM_END_RETURNED : ZEPHYR_WASM_END_FAULTED;
	struct zephyr_wasm_status status;

	zassert_equal(read_from(FILES), 0x6d736100);
	status = end_of_code(reads_store, K_SECONDS(1));
	zassert_equal(status.end, end, "%s", status.message);
	zassert_true(!can || status.detail == 42);
	status = end_of_code(reads_journal, K_SECONDS(1));
	zassert_equal(status.end, end, "%s", status.message);
	zassert_true(!can || status.detail == 42);
	check_kernel();
}

ZTEST(stored_code, test_random_bytes)
{
	int ends[16] = {0};

	for (size_t i = 0; i < ARRAY_SIZE(random_code); i++) {
		uintptr_t entry = (uintptr_t)random_code[i] | CODE;
		struct zephyr_wasm_status status =
			end_of_code((zephyr_wasm_compiled_entry *)entry, K_MSEC(100));

		zassert_not_equal(status.end, ZEPHYR_WASM_END_NONE);
		ends[status.end % ARRAY_SIZE(ends)]++;
		check_kernel();
	}
	TC_PRINT("%d faulted, %d killed, %d refused\n", ends[ZEPHYR_WASM_END_FAULTED],
		 ends[ZEPHYR_WASM_END_KILLED], ends[ZEPHYR_WASM_END_REFUSED]);
	zassert_true(ends[ZEPHYR_WASM_END_FAULTED] > (int)ARRAY_SIZE(random_code) / 2);
}

/* Runs a file, and ends what does not end by itself: how it has ended. */
static struct zephyr_wasm_status end_of_file(const char *name)
{
	struct zephyr_wasm_app *app = run(name);
	struct zephyr_wasm_status status;

	if (zephyr_wasm_wait(app, K_MSEC(100), &status) == -EAGAIN) {
		zassert_true(runs("works", true), "%s", name);
		zassert_ok(zephyr_wasm_kill(app));
		zassert_ok(zephyr_wasm_wait(app, K_SECONDS(5), &status));
	}
	TC_PRINT("%s: end %d, %s\n", name, status.end, status.message);
	return status;
}

/* src/machine.S, in files of the store. */
ZTEST(stored_code, test_machine_code_in_files)
{
	char name[20];

	for (int number = 0; number < CONFIG_TEST_MACHINE_CODES; number++) {
		struct zephyr_wasm_status status;

		(void)snprintf(name, sizeof(name), "machine_%d", number);
		status = end_of_file(name);
		zassert_true(status.end == ZEPHYR_WASM_END_FAULTED ||
				     status.end == ZEPHYR_WASM_END_KILLED ||
				     (number == 10 && status.end == ZEPHYR_WASM_END_REFUSED &&
				      strstr(status.message, "a way that there is not") != NULL),
			     "%s: end %d: %s", name, status.end, status.message);
		zassert_true(status.compiled, "%s", name);
		check_kernel();
		zassert_ok(zephyr_wasm_store_erase("works", message), "%s: %s", name, message);
	}
}

/* Nothing of such a file runs as it is installed, and nothing but itself ends as it starts. */
ZTEST(stored_code, test_bytes_in_files)
{
	static const char *const names[] = {"machine_ones",     "machine_zeros",
					    "machine_random_0", "machine_random_1",
					    "machine_random_2", "machine_random_3"};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct zephyr_wasm_status status = end_of_file(names[i]);

		zassert_not_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", names[i]);
		check_kernel();
		zassert_ok(zephyr_wasm_store_erase("works", message), "%s: %s", names[i], message);
	}
}

#endif
