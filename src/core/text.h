/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Texts of apps, which may be any bytes: copies them to C strings, and makes them safe to show.
 */

#ifndef ZEPHYR_WASM_SRC_TEXT_H_
#define ZEPHYR_WASM_SRC_TEXT_H_

#include <stdbool.h>
#include <stddef.h>

/**
 * Copies a text of an app to @p to, which has @p room bytes, and appends a zero. Returns false if
 * the text is too long, or has a zero byte in it. Every text of an app that is used as a C string
 * is copied by this function. So a grant is compared with the whole text, and the kernel trusts no
 * length that an app gives.
 */
bool zephyr_wasm_copy_text(char *to, size_t room, const char *text, size_t length);

/** Replaces what is no printable character of UTF-8 by question marks, before a text of an app is
 * shown. */
void zephyr_wasm_disarm(char *text);

#endif /* ZEPHYR_WASM_SRC_TEXT_H_ */
