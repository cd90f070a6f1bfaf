/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checks of what an app in user mode sends, which may be anything if the app has the runtime under
 * its control. user/gate.c calls them. Without user mode, they are not needed.
 */

#ifndef ZEPHYR_WASM_SRC_WALL_H_
#define ZEPHYR_WASM_SRC_WALL_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/sys/util.h>

#ifdef CONFIG_WASM_USERSPACE
/** Whether the manifest of the calling thread's app grants @p text. @p kind has the package and the
 * kind of grant, as in "zephyr:pwm output". */
bool zephyr_wasm_granted(const char *kind, const char *text, size_t length);

/** Returns the number that the manifest grants of a kind, or @p otherwise if it grants none. */
uint32_t zephyr_wasm_granted_number(const char *kind, uint32_t otherwise);
#endif

/** Checks again what the Rust side has checked. Only an app in user mode can have bypassed that. */
static inline bool zephyr_wasm_holds(bool condition)
{
	return !IS_ENABLED(CONFIG_WASM_USERSPACE) || condition;
}

#endif /* ZEPHYR_WASM_SRC_WALL_H_ */
