/* Copyright zephyr-wasm authors, SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * @brief What the code of a compiled app and the firmware agree on.
 *
 * `zephyr-wasm compile` writes this file at the head of what it makes of a module; the firmware
 * includes it, too. It needs nothing but a C11 compiler with GCC's builtins.
 */
#ifndef ZEPHYR_WASM_COMPILED_H_
#define ZEPHYR_WASM_COMPILED_H_

#include <stddef.h>
#include <stdint.h>

/** Changes with whatever follows here. */
#define ZEPHYR_WASM_COMPILED_ABI 1

/** The rules of WebAssembly that an app can break: the numbers are those of the runtime
 * (rust/engine/src/trap.rs). */
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
	/** Not a trap: an element segment does not fit its table as the instance is made. */
	ZEPHYR_WASM_TRAP_ELEMENTS = 0xfe,
	/** Not a trap: a host function has failed, and who called the app knows how. */
	ZEPHYR_WASM_TRAP_HOST = 0xff,
};

/** A core value. */
union zephyr_wasm_compiled_value {
	uint32_t i32;
	uint64_t i64;
	float f32;
	double f64;
};

struct zephyr_wasm_compiled_instance;

/** What the firmware gives to all compiled apps. */
struct zephyr_wasm_compiled_runtime {
	/** Ends the call of the app; the place is the number of the wasm instruction's offset in
	 * the module's file, or 0. */
	void (*trap)(struct zephyr_wasm_compiled_instance *instance, uint32_t code, uint32_t place)
		__attribute__((noreturn));
	/** Makes the memory this large, in place, and its new bytes 0; 0 if it cannot be. */
	uint32_t (*grow_memory)(struct zephyr_wasm_compiled_instance *instance, uint32_t size);
	/** Whether a table of the module may have so many elements in place of these; there is room
	 * for it. */
	uint32_t (*grow_table)(struct zephyr_wasm_compiled_instance *instance, uint32_t count,
			       uint32_t desired);
};

/** A function of the host: what is called, with the instance and `function` before the app's own
 * arguments. */
struct zephyr_wasm_compiled_import {
	void (*call)(void);
	const void *function;
};

/** What an instance begins with; the app's own globals and tables are behind it. */
struct zephyr_wasm_compiled_instance {
	/** The linear memory, which never moves. */
	uint8_t *memory;
	/** Its size in bytes. */
	uint32_t memory_size;
	/** The stack pointer of the thread may not be below this at a call. */
	uintptr_t stack_limit;
	const struct zephyr_wasm_compiled_runtime *runtime;
	/** In the order of the module's imports. */
	const struct zephyr_wasm_compiled_import *imports;
	/** The host's own. */
	void *host;
	/** The innermost call of the app, to which a trap leads. */
	void *frame;
};

/** What has to be known of an app before there is an instance. */
struct zephyr_wasm_compiled_info {
	/** ZEPHYR_WASM_COMPILED_ABI. */
	uint32_t abi;
	/** Bytes, a multiple of 8. */
	uint32_t instance_size;
	uint32_t import_count;
	/** The elements of all tables, as they begin. */
	uint32_t element_count;
	/** Bytes, of which a memory that cannot grow has as many at most. */
	uint64_t memory_min;
	uint64_t memory_max;
	/** Whether it has any `memory.grow`. */
	uint32_t grows;
};

/** What an entry function does. */
enum zephyr_wasm_compiled_operation {
	/** Writes a `struct zephyr_wasm_compiled_info`; there is no instance. */
	ZEPHYR_WASM_COMPILED_INFO,
	/** Writes globals, tables and data of an instance whose head is filled in and whose rest is
	 * 0, and runs the start function, if the module has one. Returns 0, or a trap.
	 */
	ZEPHYR_WASM_COMPILED_INIT,
	/** Calls the export that is the n-th of the module's, whose arguments are in the values,
	 * and the results after it (or reads the global that it is).
	 */
	ZEPHYR_WASM_COMPILED_CALL,
};

/** The one function of a compiled app that others call. */
typedef uint32_t zephyr_wasm_compiled_entry(uint32_t operation,
					    struct zephyr_wasm_compiled_instance *instance,
					    uint32_t number, void *argument);

#endif /* ZEPHYR_WASM_COMPILED_H_ */
