/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checks of what comes from an app in user mode, which may have the runtime under its control, and
 * so may send anything. user/gate.c serves these; beside the kernel they are not needed.
 */

#ifndef ZEPHYR_WASM_SRC_WALL_H_
#define ZEPHYR_WASM_SRC_WALL_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/sys/util.h>

#ifdef CONFIG_WASM_USERSPACE
/** Whether the manifest of the calling thread's app grants this, of a kind with its package, as in
 * "zephyr:pwm output". */
bool zephyr_wasm_granted(const char *kind, const char *text, size_t length);

/** The number that it grants. */
uint32_t zephyr_wasm_granted_number(const char *kind, uint32_t otherwise);
#endif

/** Whether what the Rust side has checked holds. Only an app in user mode can have got past it. */
static inline bool zephyr_wasm_holds(bool condition)
{
	return !IS_ENABLED(CONFIG_WASM_USERSPACE) || condition;
}

#endif /* ZEPHYR_WASM_SRC_WALL_H_ */
