/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is left of an app that ended badly (CONFIG_WASM_TRACE).
 */

#ifndef ZEPHYR_WASM_SRC_REMAINS_H_
#define ZEPHYR_WASM_SRC_REMAINS_H_

/** What each line begins with that tells of an app's end to rust/cli/src/dump.rs. No app writes it
 * where a line begins. */
#define ZEPHYR_WASM_DUMP_MARK "#WD:"

#endif /* ZEPHYR_WASM_SRC_REMAINS_H_ */
