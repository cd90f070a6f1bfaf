/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * wasi:random over Zephyr's random subsystem.
 */

#include <zephyr/kernel.h>
#include <zephyr/random/random.h>

#include "internal.h"

void zephyr_wasm_random_fill(uint8_t *bytes, size_t length)
{
#ifdef CONFIG_CSPRNG_ENABLED
	/* Falls back to the other generator where the entropy source is not ready. */
	if (sys_csrand_get(bytes, length) != 0)
#endif
	{
		sys_rand_get(bytes, length);
	}
}
