/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is no app is refused, and slots are limited.
 */

#include <string.h>

#include "common.h"

ZEPHYR_WASM_IMAGE_DECLARE(sleeps);

static void refuse(const uint8_t *wasm, size_t size, enum zephyr_wasm_refusal refusal,
		   const char *message)
{
	const struct zephyr_wasm_image image = {
		.name = "file", .wasm = wasm, .size = size, .priority = 5};
	struct zephyr_wasm_status status;

	if (!IS_ENABLED(CONFIG_WASM_INTERPRETER)) {
		/* Nobody looks into a file that is not compiled. */
		refusal = ZEPHYR_WASM_REFUSED_UNVALIDATED;
		message = "CONFIG_WASM_INTERPRETER=y";
	}
	run(&image, false, &status);
	zassert_equal(status.end, ZEPHYR_WASM_END_REFUSED);
	zassert_equal(status.detail, refusal, "%d: %s", status.detail, status.message);
	zassert_not_null(strstr(status.message, message), "\"%s\"", status.message);
}

ZTEST(runtime, test_other_files_are_refused)
{
	static const uint8_t elf[] = "\177ELF\1\1\1";
	static const uint8_t version[] = {0, 'a', 's', 'm', 2, 0, 0, 0};
	static const uint8_t component[] = {0, 'a', 's', 'm', 13, 0, 1, 0};
	static const uint8_t cut[] = {0, 'a', 's',  'm',  1,    0,    0,
				      0, 10,  0xff, 0xff, 0xff, 0xff, 0x0f};
	static const uint8_t empty[] = {0, 'a', 's', 'm', 1, 0, 0, 0};

	refuse(elf, sizeof(elf), ZEPHYR_WASM_REFUSED_NOT_WASM, "does not begin with \\0asm");
	refuse(version, sizeof(version), ZEPHYR_WASM_REFUSED_VERSION, "unknown version");
	refuse(component, sizeof(component), ZEPHYR_WASM_REFUSED_COMPONENT, "zephyr-wasm pack");
	refuse(cut, sizeof(cut), ZEPHYR_WASM_REFUSED_TRUNCATED, "goes beyond the file's 14 bytes");
	if (IS_ENABLED(CONFIG_WASM_VALIDATE)) {
		refuse(empty, sizeof(empty), ZEPHYR_WASM_REFUSED_NO_RUN, "does not export");
	} else {
		refuse(empty, sizeof(empty), ZEPHYR_WASM_REFUSED_UNVALIDATED,
		       "CONFIG_WASM_VALIDATE=y");
	}
}

ZTEST(runtime, test_slots_are_limited)
{
	struct zephyr_wasm_app *apps[CONFIG_WASM_MAX_APPS];
	struct zephyr_wasm_app *other;

	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(sleeps), &apps[i]));
	}
	zassert_equal(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(sleeps), &other), -ENOMEM);
	zassert_equal(zephyr_wasm_find("sleeps"), apps[0]);
	zassert_equal(zephyr_wasm_wait(apps[0], K_MSEC(20), NULL), -EAGAIN);
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		zassert_ok(zephyr_wasm_kill(apps[i]));
		zassert_ok(zephyr_wasm_wait(apps[i], ENOUGH, NULL));
		zassert_ok(zephyr_wasm_wait(apps[i], K_NO_WAIT, NULL), "a second one who waits");
		zassert_ok(zephyr_wasm_release(apps[i]));
	}
	zassert_is_null(zephyr_wasm_find("sleeps"));
	zassert_equal(zephyr_wasm_start(NULL, NULL), -EINVAL);
	zassert_equal(zephyr_wasm_kill(NULL), -EINVAL);
}

ZTEST_SUITE(runtime, NULL, NULL, NULL, NULL, NULL);
