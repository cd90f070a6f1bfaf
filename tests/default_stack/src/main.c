/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps with the stack that Kconfig gives them: there is room for host calls that call back into
 * the app, as those that return lists do.
 */

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(list_c);
ZEPHYR_WASM_IMAGE_DECLARE(list_rust);

#define ENOUGH K_SECONDS(10)

static void check(const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_start(image, &app));
	zassert_ok(zephyr_wasm_wait(app, ENOUGH, &status), "%s: has not ended", image->name);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s: %s", image->name, status.message);
	zassert_equal(status.detail, 0, "%s: %s", image->name, status.message);
	TC_PRINT("%s: %d of %d bytes of its stack\n", image->name, (int)status.stack_peak,
		 CONFIG_WASM_APP_STACK_SIZE);
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST(default_stack, test_a_list_is_returned)
{
	check(ZEPHYR_WASM_IMAGE(list_c));
	check(ZEPHYR_WASM_IMAGE(list_rust));
}

ZTEST_SUITE(default_stack, NULL, NULL, NULL, NULL, NULL);
