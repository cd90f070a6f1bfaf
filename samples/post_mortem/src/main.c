/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts three apps that end badly, one after the other, and prints where each was.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include <zephyr_wasm/zephyr_wasm.h>

ZEPHYR_WASM_IMAGE_DECLARE(average);
ZEPHYR_WASM_IMAGE_DECLARE(parser);
ZEPHYR_WASM_IMAGE_DECLARE(lost);

static void run(const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	if (zephyr_wasm_start(image, &app) != 0) {
		return;
	}
	if (zephyr_wasm_wait(app, K_SECONDS(1), &status) != 0) {
		(void)zephyr_wasm_kill(app);
		(void)zephyr_wasm_wait(app, K_FOREVER, &status);
	}
	printk("%s: %s\n", image->name, status.message);
	(void)zephyr_wasm_release(app);
}

int main(void)
{
	run(ZEPHYR_WASM_IMAGE(average));
	run(ZEPHYR_WASM_IMAGE(parser));
	run(ZEPHYR_WASM_IMAGE(lost));
	printk("done\n");
	return 0;
}
