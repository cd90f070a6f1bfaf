/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Texts of apps, which are any bytes: copied to strings of C, and made fit to be shown.
 */

#ifndef ZEPHYR_WASM_SRC_TEXT_H_
#define ZEPHYR_WASM_SRC_TEXT_H_

#include <stdbool.h>
#include <stddef.h>

/**
 * Copies an app's text to where there is room for @p room bytes, with a zero behind it; false if it
 * is too long, or has a zero in it. Every text of an app that is used as one of C's comes through
 * here: what is granted is the whole of it, and the kernel believes no length.
 */
bool zephyr_wasm_copy_text(char *to, size_t room, const char *text, size_t length);

/** Writes question marks over what is no printable character of UTF-8, before a text of an app is
 * shown. */
void zephyr_wasm_disarm(char *text);

#endif /* ZEPHYR_WASM_SRC_TEXT_H_ */
