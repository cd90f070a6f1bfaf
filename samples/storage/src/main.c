/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts one app twice, as after a reset, and another before and after that.
 */

#include <zephyr/kernel.h>

#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(counter);
ZEPHYR_WASM_IMAGE_DECLARE(thief);

static void run(const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_app *app;

	if (zephyr_wasm_start(image, &app) == 0) {
		(void)zephyr_wasm_wait(app, K_FOREVER, NULL);
		(void)zephyr_wasm_release(app);
	}
}

int main(void)
{
	run(ZEPHYR_WASM_IMAGE(thief));
	run(ZEPHYR_WASM_IMAGE(counter));
	run(ZEPHYR_WASM_IMAGE(counter));
	run(ZEPHYR_WASM_IMAGE(thief));
	return 0;
}
