/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What other toolchains make runs in firmware, interpreted and compiled.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

#define PROGRAM(name)                                                                              \
	ZEPHYR_WASM_IMAGE_DECLARE(name);                                                           \
	ZEPHYR_WASM_IMAGE_DECLARE(name##_too);
#include "programs.inc"
#undef PROGRAM

#define PROGRAM(name) ZEPHYR_WASM_IMAGE(name), ZEPHYR_WASM_IMAGE(name##_too),
static const struct zephyr_wasm_image *const programs[] = {
#include "programs.inc"
};
#undef PROGRAM

/* Each counts the primes below 1000, and returns how many there are. */
#define PRIMES 168
#define ENOUGH K_SECONDS(60)

ZTEST(toolchains, test_each_program_counts_primes)
{
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		struct zephyr_wasm_app *app;
		struct zephyr_wasm_status status;

		zassert_ok(zephyr_wasm_start(programs[i], &app), "%s", programs[i]->name);
		zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status), "%s", programs[i]->name);
		TC_PRINT("%s: %s\n", programs[i]->name, status.message);
		zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s: %s", programs[i]->name,
			      status.message);
		zassert_equal(status.detail, PRIMES, "%s: %s", programs[i]->name, status.message);
		zassert_ok(zephyr_wasm_release(app));
	}
}

/* Clang and Rust are wherever apps are built, so that a list which is empty is a fault. */
ZTEST(toolchains, test_there_are_programs)
{
	zassert_true(ARRAY_SIZE(programs) >= 4, "%zu", ARRAY_SIZE(programs));
}

ZTEST_SUITE(toolchains, NULL, NULL, NULL, NULL, NULL);
