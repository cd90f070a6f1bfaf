/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Where Rust's panic handler ends up in firmware without the `zephyr` crate.
 */

#include <zephyr/kernel.h>

#include "app.h"

FUNC_NORETURN void zephyr_wasm_panic(void)
{
	/* Does not return on an app's thread. */
	zephyr_wasm_end_current(ZEPHYR_WASM_END_PANICKED);
	k_panic();
	CODE_UNREACHABLE;
}
