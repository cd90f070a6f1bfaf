/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A module that is compiled ends as it does interpreted, in one image and at the same time.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <zephyr_wasm/zephyr_wasm.h>

struct guest {
	const struct zephyr_wasm_image *compiled;
	const struct zephyr_wasm_image *interpreted;
};

#define GUEST(name)                                                                                \
	ZEPHYR_WASM_IMAGE_DECLARE(name);                                                           \
	ZEPHYR_WASM_IMAGE_DECLARE(name##_too);
#include "guests.inc"
#undef GUEST

#define GUEST(name) {ZEPHYR_WASM_IMAGE(name), ZEPHYR_WASM_IMAGE(name##_too)},
static const struct guest guests[] = {
#include "guests.inc"
};
#undef GUEST

#define ENOUGH K_SECONDS(10)

ZTEST(both, test_an_app_ends_alike)
{
	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		const char *name = guests[i].compiled->name;
		struct zephyr_wasm_app *compiled;
		struct zephyr_wasm_app *interpreted;
		struct zephyr_wasm_status one;
		struct zephyr_wasm_status other;

		zassert_not_null(guests[i].compiled->entry);
		zassert_is_null(guests[i].interpreted->entry);
		zassert_ok(zephyr_wasm_start(guests[i].compiled, &compiled));
		zassert_ok(zephyr_wasm_start(guests[i].interpreted, &interpreted));
		zassert_ok(zephyr_wasm_wait(compiled, ENOUGH, &one));
		zassert_ok(zephyr_wasm_wait(interpreted, ENOUGH, &other));
		zassert_equal(one.end, other.end, "%s: %s; %s", name, one.message, other.message);
		zassert_equal(one.detail, other.detail, "%s: %s; %s", name, one.message,
			      other.message);
		/* How much they asked for, and what limits a stack, is not the same. */
		if (one.end != ZEPHYR_WASM_END_REFUSED && one.detail != 8) {
			zassert_str_equal(one.message, other.message, "%s", name);
		}
		zassert_ok(zephyr_wasm_release(compiled));
		zassert_ok(zephyr_wasm_release(interpreted));
	}
}

ZTEST_SUITE(both, NULL, NULL, NULL, NULL, NULL);
