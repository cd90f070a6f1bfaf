/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sizes in the calls of WASI programs, which the gate of user mode has to know, too.
 */

#ifndef ZEPHYR_WASM_SRC_WASI_SIZES_H_
#define ZEPHYR_WASM_SRC_WASI_SIZES_H_

/** The size of the longest path, including its final zero. */
#define WASI_PATH_SIZE 256

/** The most bytes that a program reads or writes in one call, as a kill waits for it. */
#define WASI_AT_ONCE 4096

#endif /* ZEPHYR_WASM_SRC_WASI_SIZES_H_ */
