/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What a header declares pointers with whose functions apps import without WIT.
 *
 * zephyr_wasm_api(<name> CORE <name>.h) in CMake makes a host API of such a header. The tool reads
 * it as it is written: a function takes and returns int32_t, uint32_t, int64_t, uint64_t, float and
 * double, and takes what is below.
 *
 * Memory is checked before the function is called: it is the app's own, as a whole. A pointer is
 * never NULL, as 0 is an address of the app's memory as any other; if its length is 0, there is
 * nothing to read. Memory to write overlaps nothing else that is passed in the same call. An app
 * that passes something else ends, and the function is not called. What is at a pointer stays as it
 * is, and where it is, until the function returns, unless the function writes there.
 */

#ifndef ZEPHYR_WASM_CORE_H_
#define ZEPHYR_WASM_CORE_H_

#include <stdint.h>

/**
 * @brief A parameter that leads to bytes to read.
 *
 * @param pointer Its name.
 * @param length The name of another parameter, int32_t or uint32_t, that says how many there are.
 */
#define ZEPHYR_WASM_IN(pointer, length) const uint8_t *pointer

/**
 * @brief The same to bytes to write. They have what the app has left there, never of anybody else.
 *
 * @param pointer Its name.
 * @param length The name of another parameter, int32_t or uint32_t, that says how many there are.
 */
#define ZEPHYR_WASM_OUT(pointer, length) uint8_t *pointer

/**
 * @brief A parameter that leads to a text that ends with a zero, as texts of C do. It may have any
 * other bytes, so not only UTF-8.
 *
 * @param text Its name.
 */
#define ZEPHYR_WASM_TEXT(text) const char *text

#endif /* ZEPHYR_WASM_CORE_H_ */
