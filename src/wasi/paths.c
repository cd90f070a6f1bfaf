/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Normalizes the paths of files.
 */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "paths.h"

static bool is_name(const char *name, size_t length, const char *of)
{
	return strlen(of) == length && strncmp(name, of, length) == 0;
}

int zephyr_wasm_wasi_path_clean(char *path)
{
	char *out = path;
	const char *in = path;

	/* The result would be longer than the path: what is written would overwrite the zero at the
	 * end before that is read, and the loop would not end. */
	if (path[0] != '/') {
		return -EINVAL;
	}
	while (*in != '\0') {
		size_t length;

		in += strspn(in, "/");
		length = strcspn(in, "/");
		if (is_name(in, length, "..")) {
			do {
				out -= out > path;
			} while (out > path && *out != '/');
		} else if (length > 0 && !is_name(in, length, ".")) {
			*out++ = '/';
			memmove(out, in, length);
			out += length;
		}
		in += length;
	}
	*out = '\0';
	return 0;
}
