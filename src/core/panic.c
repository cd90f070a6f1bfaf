/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Called by Rust's panic handler, in firmware without the `zephyr` crate.
 */

#include <zephyr/kernel.h>

#include "app.h"

FUNC_NORETURN void zephyr_wasm_panic(void)
{
	/* On an app's thread, this does not return. */
	zephyr_wasm_end_current(ZEPHYR_WASM_END_PANICKED);
	k_panic();
	CODE_UNREACHABLE;
}
