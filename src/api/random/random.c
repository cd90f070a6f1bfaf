/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API wasi:random, by Zephyr's random subsystem.
 */

#include <zephyr/kernel.h>
#include <zephyr/random/random.h>

#include "core/mark.h"
#include "core/thread.h"

/* The most bytes that are generated at once. The runtime asks for no more. */
#define AT_ONCE 64

static void fill(uint8_t *bytes, size_t length)
{
	/* Entropy drivers lock by a semaphore, some of them while they wait for entropy. The
	 * network needs that lock, too. */
	zephyr_wasm_hurry_current();
#ifdef CONFIG_CSPRNG_ENABLED
	/* Falls back to the other generator if the entropy source is not ready. */
	if (sys_csrand_get(bytes, length) != 0)
#endif
	{
		sys_rand_get(bytes, length);
	}
}

void zephyr_wasm_random_fill(uint8_t *bytes, size_t length)
{
	/* An app in user mode may ask for more bytes, and the source may be slow. */
	while (IS_ENABLED(CONFIG_WASM_USERSPACE) && length > AT_ONCE) {
		fill(bytes, AT_ONCE);
		bytes += AT_ONCE;
		length -= AT_ONCE;
		zephyr_wasm_let_kill_come();
	}
	fill(bytes, length);
}
