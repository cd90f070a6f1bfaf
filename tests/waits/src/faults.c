/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What goes wrong on an app's thread, inside the host, is that app's end and nothing else.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(asks_the_time);

/* What Rust's panic handler calls. */
FUNC_NORETURN void zephyr_wasm_panic(void);

static enum {
	WELL,
	PANIC,
	ABORT,
	WILD_POINTER,
	FULL_STACK,
} what_happens;

/* The linker puts the first where the runtime calls zephyr_wasm_clock_now(), which is the second.
 */
uint64_t __wrap_zephyr_wasm_clock_now(void);
uint64_t __real_zephyr_wasm_clock_now(void);

static int fill_the_stack(int depth)
{
	/* A frame smaller than the guard below the stack (32 bytes on Cortex-M), which a larger one
	 * may step over. */
	volatile int frame = depth;

	return fill_the_stack(depth + 1) + frame;
}

uint64_t __wrap_zephyr_wasm_clock_now(void)
{
	switch (what_happens) {
	case WELL:
		break;
	case PANIC:
		zephyr_wasm_panic();
	case ABORT:
		__builtin_trap();
	case WILD_POINTER:
		*(volatile uint32_t *)0xfffffff0 = 1;
		break;
	case FULL_STACK:
		return fill_the_stack(0);
	}
	return __real_zephyr_wasm_clock_now();
}

static void check(enum zephyr_wasm_end end, const char *message)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(asks_the_time), &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	zassert_equal(status.end, end, "end %d: %s", status.end, status.message);
	zassert_not_null(strstr(status.message, message), "\"%s\"", status.message);
	zassert_ok(zephyr_wasm_release(app));

	/* The next one finds everything as it should be. */
	what_happens = WELL;
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(asks_the_time), &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "end %d: %s", status.end,
		      status.message);
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST(faults, test_a_panic)
{
	what_happens = PANIC;
	check(ZEPHYR_WASM_END_PANICKED, "panicked");
}

ZTEST(faults, test_an_abort)
{
	what_happens = ABORT;
	check(ZEPHYR_WASM_END_FAULTED, "faulted");
}

ZTEST(faults, test_a_wild_pointer)
{
	what_happens = WILD_POINTER;
	check(ZEPHYR_WASM_END_FAULTED, "faulted");
}

ZTEST(faults, test_a_full_stack)
{
	if (!IS_ENABLED(CONFIG_HW_STACK_PROTECTION)) {
		ztest_test_skip();
	}
	what_happens = FULL_STACK;
	check(ZEPHYR_WASM_END_FAULTED, "faulted");
}

ZTEST_SUITE(faults, NULL, NULL, NULL, NULL, NULL);
