/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is compiled here is the library; this has the public headers compiled, too.
 */

#include <zephyr_wasm/coap.h>
#include <zephyr_wasm/releases.h>
#include <zephyr_wasm/zephyr_wasm.h>

int main(void)
{
	return ZEPHYR_WASM_DT_PARTITION_ID(DT_NODELABEL(wasm_partition)) < 0;
}
