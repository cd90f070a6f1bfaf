/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What rust/compile/examples/firmware.rs writes of a file of the WebAssembly specification's tests.
 * It stands behind the modules in C, which begin with zephyr_wasm/compiled.h.
 */

#ifndef TEST_SPECIFICATION_CASES_H_
#define TEST_SPECIFICATION_CASES_H_

#include <stddef.h>
#include <stdint.h>

/** What has to come of a call. */
enum specification_kind {
	/** That it returns. */
	SPECIFICATION_NOTHING,
	SPECIFICATION_BITS_32,
	SPECIFICATION_BITS_64,
	/** One of two: all that is set of its fraction is the highest bit. */
	SPECIFICATION_CANONICAL_NAN_32,
	SPECIFICATION_CANONICAL_NAN_64,
	/** Any quiet one. */
	SPECIFICATION_ARITHMETIC_NAN_32,
	SPECIFICATION_ARITHMETIC_NAN_64,
	SPECIFICATION_TRAP,
};

/** A call, and what has to come of it. */
struct specification_case {
	/** Where it is in the file. */
	uint16_t line;
	/** Which module's; an instance of it is made before its first call. */
	uint16_t module;
	/** Its number among what the module exports. */
	uint16_t export;
	/** The place of its arguments among the numbers. What is expected follows them: bits, or
	 * the code of a trap. */
	uint16_t first;
	uint8_t argument_count;
	/** An enum specification_kind. */
	uint8_t kind;
};

/** A file of the specification's tests. */
struct specification_file {
	const char *name;
	zephyr_wasm_compiled_entry *const *modules;
	const uint64_t *numbers;
	const struct specification_case *cases;
	size_t case_count;
};

#define SPECIFICATION_FILE(file)                                                                   \
	const struct specification_file specification_##file = {#file, modules, numbers, cases,    \
								sizeof(cases) / sizeof(cases[0])}

#endif /* TEST_SPECIFICATION_CASES_H_ */
