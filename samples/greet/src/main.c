/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A firmware that runs a component, and calls a function of it. With a shell, so can you:
 * wasm call greet run some('"Ada"')
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(greet);

/* The call outlives the app's thread, so it is not on this one's stack. */
static char result[32];
static const struct zephyr_wasm_call mean = {
	.function = "mean",
	.arguments = "[1, 2, 6]",
	.result = result,
	.result_size = sizeof(result),
};

int main(void)
{
	struct zephyr_wasm_app *app;

	if (zephyr_wasm_start(ZEPHYR_WASM_IMAGE(greet), &app) == 0) {
		zephyr_wasm_wait(app, K_FOREVER, NULL);
		zephyr_wasm_release(app);
	}
	if (zephyr_wasm_call(ZEPHYR_WASM_IMAGE(greet), &mean, &app) == 0) {
		zephyr_wasm_wait(app, K_FOREVER, NULL);
		zephyr_wasm_release(app);
		printk("the mean of %s is %s\n", mean.arguments, result);
	}
	return 0;
}
