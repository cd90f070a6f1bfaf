/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What apps import from `env`, where C compilers look for what is declared and not defined.
 */

#ifndef ENV_H_
#define ENV_H_

#include <stdint.h>

#include <zephyr_wasm/core.h>

/** Writes a line. Returns its length. */
int32_t env_puts(ZEPHYR_WASM_TEXT(line));

/** Writes a number and its name. */
void env_show(ZEPHYR_WASM_TEXT(name), double value);

#endif /* ENV_H_ */
