/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * wasi:random over Zephyr's random subsystem.
 */

#include <zephyr/kernel.h>
#include <zephyr/random/random.h>

#include "core/mark.h"
#include "core/thread.h"

/* What is made at once: as much as the runtime asks for. */
#define AT_ONCE 64

static void fill(uint8_t *bytes, size_t length)
{
	/* Drivers of entropy have a semaphore for a lock, some of them while they wait for more:
	 * the network needs it, too. */
	zephyr_wasm_hurry_current();
#ifdef CONFIG_CSPRNG_ENABLED
	/* Falls back to the other generator where the entropy source is not ready. */
	if (sys_csrand_get(bytes, length) != 0)
#endif
	{
		sys_rand_get(bytes, length);
	}
}

void zephyr_wasm_random_fill(uint8_t *bytes, size_t length)
{
	/* An app in user mode may ask for more, of a source that may be slow. */
	while (IS_ENABLED(CONFIG_WASM_USERSPACE) && length > AT_ONCE) {
		fill(bytes, AT_ONCE);
		bytes += AT_ONCE;
		length -= AT_ONCE;
		zephyr_wasm_let_kill_come();
	}
	fill(bytes, length);
}
