/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is compiled here is the library; this has the public headers compiled, too.
 */

#include <zephyr/device.h>

#include <zephyr_wasm/coap.h>
#include <zephyr_wasm/releases.h>
#include <zephyr_wasm/zephyr_wasm.h>

/* The emulated controller has a device and an emulator of each node on its bus. */
DEVICE_DT_DEFINE(DT_NODELABEL(display), NULL, NULL, NULL, NULL, POST_KERNEL, 50, NULL);

int main(void)
{
	return ZEPHYR_WASM_DT_PARTITION_ID(DT_NODELABEL(wasm_partition)) < 0;
}
