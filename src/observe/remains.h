/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is reported of an app that ended badly (CONFIG_WASM_TRACE).
 */

#ifndef ZEPHYR_WASM_SRC_REMAINS_H_
#define ZEPHYR_WASM_SRC_REMAINS_H_

/** The beginning of each line by which rust/cli/src/dump.rs reads a core dump. No app can begin a
 * line with it. */
#define ZEPHYR_WASM_DUMP_MARK "#WD:"

#endif /* ZEPHYR_WASM_SRC_REMAINS_H_ */
