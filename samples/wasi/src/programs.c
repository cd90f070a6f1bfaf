/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The programs on a card that is new.
 */

#include <zephyr/fs/fs.h>
#include <zephyr/kernel.h>

#include "card.h"

static const uint8_t hello_wasm[] = {
#include "hello.wasm.inc"
};

static const uint8_t cat_wasm[] = {
#include "cat.wasm.inc"
};

static const uint8_t wc_wasm[] = {
#include "wc.wasm.inc"
};

static const uint8_t ls_wasm[] = {
#include "ls.wasm.inc"
};

static const uint8_t yes_wasm[] = {
#include "yes.wasm.inc"
};

#define FILE_OF(name) {CARD "/" #name ".wasm", name##_wasm, sizeof(name##_wasm)}

static const struct {
	const char *path;
	const uint8_t *bytes;
	size_t size;
} programs[] = {FILE_OF(hello), FILE_OF(cat), FILE_OF(wc), FILE_OF(ls), FILE_OF(yes)};

static int write_file(const char *path, const uint8_t *bytes, size_t size)
{
	struct fs_file_t file;
	ssize_t written;
	int result;

	fs_file_t_init(&file);
	result = fs_open(&file, path, FS_O_CREATE | FS_O_WRITE);
	if (result != 0) {
		return result;
	}
	written = fs_write(&file, bytes, size);
	result = fs_close(&file);
	if (written != (ssize_t)size) {
		return written < 0 ? written : -ENOSPC;
	}
	return result;
}

int card_add_programs(void)
{
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(programs) && result == 0; i++) {
		struct fs_dirent entry;

		if (fs_stat(programs[i].path, &entry) != 0) {
			result = write_file(programs[i].path, programs[i].bytes, programs[i].size);
		}
	}
	return result;
}
