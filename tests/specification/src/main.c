/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The WebAssembly specification's tests of numbers, compiled for the board: it is its compiler's
 * and its libraries' floating-point numbers that compiled apps compute with, and their bits are an
 * app's.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <zephyr_wasm/compiled.h>

#include "cases.h"

/* How much the modules of these files have at most. */
#define INSTANCE_SIZE 4096
#define MEMORY_SIZE   (2 * 65536)
#define VALUE_COUNT   8

static uint64_t instance_room[INSTANCE_SIZE / sizeof(uint64_t)];
static uint64_t memory_room[MEMORY_SIZE / sizeof(uint64_t)];
static struct zephyr_wasm_compiled_instance *const instance = (void *)instance_room;

/* Where a trap leads: the buffer of GCC's __builtin_setjmp(). */
static void *frame[5];
static uint32_t trapped;

static FUNC_NORETURN __noinline void trap(struct zephyr_wasm_compiled_instance *of, uint32_t code,
					  uint32_t place)
{
	ARG_UNUSED(of);
	ARG_UNUSED(place);
	trapped = code;
	__builtin_longjmp(frame, 1);
}

static uint32_t grow_memory(struct zephyr_wasm_compiled_instance *of, uint32_t size)
{
	ARG_UNUSED(of);
	ARG_UNUSED(size);
	return 0;
}

static uint32_t grow_table(struct zephyr_wasm_compiled_instance *of, uint32_t count,
			   uint32_t desired)
{
	ARG_UNUSED(of);
	ARG_UNUSED(count);
	ARG_UNUSED(desired);
	return 0;
}

static const struct zephyr_wasm_compiled_runtime runtime = {trap, grow_memory, grow_table};

/* Returns the code of the trap that ended the call, or 0. */
static __noinline uint32_t enter(zephyr_wasm_compiled_entry *entry, uint32_t operation,
				 uint32_t number, void *argument)
{
	if (__builtin_setjmp(frame) == 0) {
		return entry(operation, instance, number, argument);
	}
	return trapped;
}

static void make(zephyr_wasm_compiled_entry *entry)
{
	struct zephyr_wasm_compiled_info info;

	entry(ZEPHYR_WASM_COMPILED_INFO, NULL, 0, &info);
	zassert_equal(info.abi, ZEPHYR_WASM_COMPILED_ABI);
	zassert_true(info.instance_size <= INSTANCE_SIZE && info.memory_min <= MEMORY_SIZE);
	zassert_equal(info.import_count, 0);
	memset(instance_room, 0, sizeof(instance_room));
	memset(memory_room, 0, sizeof(memory_room));
	*instance = (struct zephyr_wasm_compiled_instance){
		.memory = (uint8_t *)memory_room,
		.memory_size = (uint32_t)info.memory_min,
		.runtime = &runtime,
	};
	zassert_equal(enter(entry, ZEPHYR_WASM_COMPILED_INIT, 0, NULL), 0);
}

static bool is_expected(uint8_t kind, uint64_t found, uint64_t expected)
{
	switch ((enum specification_kind)kind) {
	case SPECIFICATION_NOTHING:
		return true;
	case SPECIFICATION_BITS_32:
		return (uint32_t)found == expected;
	case SPECIFICATION_BITS_64:
		return found == expected;
	case SPECIFICATION_CANONICAL_NAN_32:
		return (found & 0x7fffffff) == 0x7fc00000;
	case SPECIFICATION_CANONICAL_NAN_64:
		return (found & (UINT64_MAX >> 1)) == 0x7ff8000000000000;
	case SPECIFICATION_ARITHMETIC_NAN_32:
		return (found & 0x7fc00000) == 0x7fc00000;
	case SPECIFICATION_ARITHMETIC_NAN_64:
		return (found & 0x7ff8000000000000) == 0x7ff8000000000000;
	case SPECIFICATION_TRAP:
		break;
	}
	return false;
}

static bool holds(const struct specification_file *file, const struct specification_case *one)
{
	const uint64_t *numbers = &file->numbers[one->first];
	uint64_t expected = numbers[one->argument_count];
	uint64_t values[VALUE_COUNT] = {0};
	uint32_t code;

	zassert_true(one->argument_count <= VALUE_COUNT);
	memcpy(values, numbers, one->argument_count * sizeof(values[0]));
	code = enter(file->modules[one->module], ZEPHYR_WASM_COMPILED_CALL, one->export, values);
	if (one->kind == SPECIFICATION_TRAP) {
		return code == expected;
	}
	return code == 0 && is_expected(one->kind, values[0], expected);
}

static void run(const struct specification_file *file)
{
	int module = -1;
	size_t failed = 0;

	for (size_t i = 0; i < file->case_count; i++) {
		const struct specification_case *one = &file->cases[i];

		if (one->module != module) {
			module = one->module;
			make(file->modules[module]);
		}
		if (!holds(file, one)) {
			failed++;
			TC_PRINT("%s.wast:%u\n", file->name, one->line);
		}
	}
	zassert_true(file->case_count > 0);
	zassert_equal(failed, 0, "%s.wast: %zu of %zu calls", file->name, failed, file->case_count);
	TC_PRINT("%s.wast: %zu calls\n", file->name, file->case_count);
}

#define FILE(name)                                                                                 \
	extern const struct specification_file specification_##name;                               \
	ZTEST(specification, test_##name)                                                          \
	{                                                                                          \
		run(&specification_##name);                                                        \
	}
#include "files.inc"

ZTEST_SUITE(specification, NULL, NULL, NULL, NULL, NULL);
