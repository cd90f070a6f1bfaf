/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the benchmarks need of an engine: four functions. src/engine.c has them for zephyr-wasm; a
 * directory with a CMakeLists.txt that adds another engine and its four functions to the target
 * `app` is given as ENGINE (see docs/performance.md).
 */

#ifndef BENCHMARKS_ENGINE_H_
#define BENCHMARKS_ENGINE_H_

#include <stddef.h>
#include <stdint.h>

/** A module to run: it exports `memory` and `run`, a function without parameters that returns an
 * i32. */
struct guest {
	/** What it is called in the results. */
	const char *name;
	/** Its bytes. */
	const uint8_t *wasm;
	/** How many they are. */
	size_t size;
	/** The same compiled for the board; NULL for a guest that calls the host. */
	int32_t (*native)(void);
};

/** What an engine took for a guest. 0 for what it cannot tell. */
struct usage {
	/** The cycles of engine_run() that were still spent on loading. */
	uint32_t loading_cycles;
	/** The most bytes of memory that were in use for the guest at once, all included. */
	size_t heap_peak;
	/** The bytes of its linear memory. */
	size_t linear_memory;
	/** The most bytes of native stack that were in use at once. */
	size_t stack_peak;
};

/** @brief What the engine is called in the results. */
const char *engine_name(void);

/**
 * @brief Makes a guest ready to run: parses, validates if the engine does, translates,
 * instantiates.
 *
 * @retval 0 on success.
 * @return another number if the engine refuses it; engine_unload() is called nevertheless.
 */
int engine_load(const struct guest *guest);

/**
 * @brief Calls the `run` of the loaded guest.
 *
 * @param result What it returned.
 *
 * @retval 0 on success.
 * @return another number if it trapped, or could not be called.
 */
int engine_run(int32_t *result);

/**
 * @brief Forgets the loaded guest, and frees all that was made for it.
 *
 * @param usage What it took.
 */
void engine_unload(struct usage *usage);

#endif /* BENCHMARKS_ENGINE_H_ */
