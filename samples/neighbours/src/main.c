/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Three apps: one keeps a period, one follows a wild pointer, one never gives the processor back.
 */

#include <zephyr/logging/log.h>

#include <zephyr_wasm/zephyr_wasm.h>

LOG_MODULE_REGISTER(neighbours);

ZEPHYR_WASM_IMAGE_DECLARE(steady);
ZEPHYR_WASM_IMAGE_DECLARE(trapper);
ZEPHYR_WASM_IMAGE_DECLARE(spinner);

int main(void)
{
	struct zephyr_wasm_app *steady;
	struct zephyr_wasm_app *spinner;
	struct zephyr_wasm_status status;

	if (zephyr_wasm_start(ZEPHYR_WASM_IMAGE(steady), &steady) != 0 ||
	    zephyr_wasm_start(ZEPHYR_WASM_IMAGE(trapper), NULL) != 0 ||
	    zephyr_wasm_start(ZEPHYR_WASM_IMAGE(spinner), &spinner) != 0) {
		return -ENOMEM;
	}

	zephyr_wasm_wait(steady, K_FOREVER, &status);
	if (status.end == ZEPHYR_WASM_END_RETURNED && status.detail == 0) {
		LOG_INF("steady kept its period");
	} else {
		LOG_ERR("steady did not keep its period: %s", status.message);
	}

	zephyr_wasm_kill(spinner);
	zephyr_wasm_wait(spinner, K_FOREVER, NULL);
	LOG_INF("done");
	return 0;
}
