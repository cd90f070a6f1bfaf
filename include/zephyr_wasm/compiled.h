/* Copyright zephyr-wasm authors, SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief The interface between the code of a compiled app and the firmware.
 *
 * `zephyr-wasm compile` copies this file to the start of the C file that it writes. The firmware
 * includes it, too. It needs only a C11 compiler with GCC's builtins.
 */
#ifndef ZEPHYR_WASM_COMPILED_H_
#define ZEPHYR_WASM_COMPILED_H_

#include <stddef.h>
#include <stdint.h>

/** The version of this interface. It changes whenever something below does. */
#define ZEPHYR_WASM_COMPILED_ABI 1

/** Why an app traps. The numbers are those of the runtime (rust/engine/src/trap.rs). */
enum zephyr_wasm_compiled_trap {
	ZEPHYR_WASM_TRAP_UNREACHABLE = 1,
	ZEPHYR_WASM_TRAP_MEMORY = 2,
	ZEPHYR_WASM_TRAP_TABLE = 3,
	ZEPHYR_WASM_TRAP_NULL = 4,
	ZEPHYR_WASM_TRAP_DIVISION = 5,
	ZEPHYR_WASM_TRAP_OVERFLOW = 6,
	ZEPHYR_WASM_TRAP_CONVERSION = 7,
	ZEPHYR_WASM_TRAP_STACK = 8,
	ZEPHYR_WASM_TRAP_SIGNATURE = 9,
	/** Not a trap: an element segment does not fit into its table when the instance is made. */
	ZEPHYR_WASM_TRAP_ELEMENTS = 0xfe,
	/** Not a trap: a host function has failed. The caller of the app knows how. */
	ZEPHYR_WASM_TRAP_HOST = 0xff,
};

/** A value of a WebAssembly core type. */
union zephyr_wasm_compiled_value {
	uint32_t i32;
	uint64_t i64;
	float f32;
	double f64;
};

struct zephyr_wasm_compiled_instance;

/** The functions of the firmware that all compiled apps use. */
struct zephyr_wasm_compiled_runtime {
	/** Ends the call of the app. @p place is the offset of the wasm instruction in the module's
	 * file, in bytes, or 0. */
	void (*trap)(struct zephyr_wasm_compiled_instance *instance, uint32_t code, uint32_t place)
		__attribute__((noreturn));
	/** Grows the linear memory to @p size bytes, in place, and clears the new bytes. Returns 0
	 * if that is not possible. */
	uint32_t (*grow_memory)(struct zephyr_wasm_compiled_instance *instance, uint32_t size);
	/** Whether a table may grow from @p count to @p desired elements. The instance has room for
	 * them. */
	uint32_t (*grow_table)(struct zephyr_wasm_compiled_instance *instance, uint32_t count,
			       uint32_t desired);
};

/** An imported function. @ref call is called with the instance and @ref function before the app's
 * own arguments. */
struct zephyr_wasm_compiled_import {
	void (*call)(void);
	const void *function;
};

/** The head of an instance. The app's own globals and tables follow it. */
struct zephyr_wasm_compiled_instance {
	/** The linear memory. It never moves. */
	uint8_t *memory;
	/** The size of the linear memory in bytes. */
	uint32_t memory_size;
	/** At a call, the thread's stack pointer must not be below this. */
	uintptr_t stack_limit;
	const struct zephyr_wasm_compiled_runtime *runtime;
	/** The imported functions, in the order of the module's imports. */
	const struct zephyr_wasm_compiled_import *imports;
	/** Data of the host. */
	void *host;
	/** The innermost call of the app, to which a trap returns. */
	void *frame;
};

/** Properties of an app that are needed before its instance is made. */
struct zephyr_wasm_compiled_info {
	/** ZEPHYR_WASM_COMPILED_ABI. */
	uint32_t abi;
	/** The size of the instance in bytes, a multiple of 8. */
	uint32_t instance_size;
	uint32_t import_count;
	/** The number of elements in all tables at the start. */
	uint32_t element_count;
	/** The smallest and the largest size of the linear memory in bytes. They are equal if it
	 * cannot grow. */
	uint64_t memory_min;
	uint64_t memory_max;
	/** Whether the app's code contains `memory.grow`. */
	uint32_t grows;
};

/** The operations of an entry function. */
enum zephyr_wasm_compiled_operation {
	/** Writes a `struct zephyr_wasm_compiled_info`. Needs no instance. */
	ZEPHYR_WASM_COMPILED_INFO,
	/** Initializes globals, tables and data of an instance whose head is filled in and whose
	 * rest is zero, and runs the start function, if the module has one. Returns 0, or a trap.
	 */
	ZEPHYR_WASM_COMPILED_INIT,
	/** Calls the export with this number. The arguments are in the array of values, and the
	 * results are written after them. If the export is a global, reads it. */
	ZEPHYR_WASM_COMPILED_CALL,
};

/** The type of the one function of a compiled app that the firmware calls. */
typedef uint32_t zephyr_wasm_compiled_entry(uint32_t operation,
					    struct zephyr_wasm_compiled_instance *instance,
					    uint32_t number, void *argument);

#endif /* ZEPHYR_WASM_COMPILED_H_ */
