/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the install and the start of an app of 20 KB cost, and 1,000 host calls, as machine code and
 * interpreted. Printed, and not judged: scripts/measure counts it in instructions.
 */

#include "common.h"

static void measure(const char *file, const char *name, bool as_code)
{
	uint32_t begun = k_cycle_get_32();
	const struct zephyr_wasm_status *status;

	zassert_ok(install(file), "%s: %s", file, message);
	TC_PRINT("cost of %s (%u bytes): install %u cycles\n", file,
		 (unsigned int)file_of(file)->size, k_cycle_get_32() - begun);
	begun = k_cycle_get_32();
	zassert_ok(zephyr_wasm_store_start(name, message), "%s: %s", file, message);
	status = end_of(zephyr_wasm_find(name));
	begun = k_cycle_get_32() - begun;
	zassert_equal(status->end, ZEPHYR_WASM_END_RETURNED, "%s: %s", file, status->message);
	zassert_equal(status->compiled, as_code, "%s", file);
	TC_PRINT("cost of %s (%u bytes): start %u cycles\n", file,
		 (unsigned int)file_of(file)->size, status->start_cycles);
	TC_PRINT("cost of %s (%u bytes): run %u cycles\n", file, (unsigned int)file_of(file)->size,
		 begun - status->start_cycles);
	zassert_ok(zephyr_wasm_store_erase(name, message), "%s", message);
}

ZTEST(stored_code, test_measure_an_install)
{
	measure("large", "large", true);
	measure("calls", "calls", true);
	if (IS_ENABLED(CONFIG_WASM_INTERPRETER)) {
		measure("large_plain", "large", false);
		measure("calls_plain", "calls", false);
	}
	/* scripts/measure has seen enough. */
	TC_PRINT("measured\n");
}
