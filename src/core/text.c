/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Texts of apps: copies them to C strings, and makes them safe to show.
 */

#include <string.h>

#include <zephyr/sys/util.h>

#include "text.h"

bool zephyr_wasm_copy_text(char *to, size_t room, const char *text, size_t length)
{
	if (length >= room || memchr(text, '\0', length) != NULL) {
		return false;
	}
	memcpy(to, text, length);
	to[length] = '\0';
	return true;
}

/* Whether UTF-8 encodes a character in @p size bytes: not in more bytes than it needs, and not half
 * of a surrogate pair. */
static bool is_in(size_t size, uint32_t code)
{
	return code >= (size == 4   ? 0x10000
			: size == 3 ? 0x800
				    : 0x80) &&
	       code <= 0x10ffff && !IN_RANGE(code, 0xd800, 0xdfff);
}

/* Returns the size of the character that a text begins with. Returns 0 if a terminal would not just
 * show it: if it is a control character, changes the direction of text, or is malformed. */
static size_t shown(const uint8_t *text, size_t left)
{
	size_t size = text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4;
	uint32_t code;

	if (text[0] < 0x80) {
		return text[0] >= ' ' && text[0] != 0x7f;
	}
	if (text[0] < 0xc0 || text[0] >= 0xf8 || size > left) {
		return 0;
	}
	code = text[0] & (0x7f >> size);
	for (size_t i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80) {
			return 0;
		}
		code = code << 6 | (text[i] & 0x3f);
	}
	/* MCUmgr clients refuse an answer that is not UTF-8. All other texts that are shown come
	 * from Rust, which has checked them, or are bytes to the clients. */
	if (IS_ENABLED(CONFIG_WASM_USERSPACE) && !is_in(size, code)) {
		return 0;
	}
	/* Control characters; direction marks, overrides and isolates; line and paragraph
	 * separators. Also if they are encoded in more bytes than they need. */
	return code < 0xa0 || code == 0x61c || IN_RANGE(code, 0x200e, 0x200f) ||
			       IN_RANGE(code, 0x2028, 0x202e) || IN_RANGE(code, 0x2066, 0x2069)
		       ? 0
		       : size;
}

void zephyr_wasm_disarm(char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t size = shown((const uint8_t *)text, left);

		if (size == 0) {
			*text = '?';
			size = 1;
		}
		text += size;
		left -= size;
	}
}
