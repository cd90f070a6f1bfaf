/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(libc);

ZTEST(libc, test_what_an_app_has)
{
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(libc), &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(10), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(status.detail, 0, "libc.c, line %d", status.detail);
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST_SUITE(libc, NULL, NULL, NULL, NULL, NULL);
