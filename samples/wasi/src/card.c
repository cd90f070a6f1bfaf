/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A card with programs. These boards have none to plug in, so that this makes one of simulated
 * flash or RAM; a board with a card mounts that.
 */

#include <zephyr/fs/fs.h>
#include <zephyr/kernel.h>
#include <zephyr/storage/flash_map.h>

#include "card.h"

#ifdef CONFIG_FAT_FILESYSTEM_ELM
#include <ff.h>

static FATFS fat;
static struct fs_mount_t mount = {
	.type = FS_FATFS,
	.mnt_point = CARD,
	.fs_data = &fat,
};
#else
#include <zephyr/fs/littlefs.h>

#include <zephyr_wasm/releases.h>

FS_LITTLEFS_DECLARE_DEFAULT_CONFIG(littlefs);
static struct fs_mount_t mount = {
	.type = FS_LITTLEFS,
	.mnt_point = CARD,
	.fs_data = &littlefs,
	.storage_dev = (void *)ZEPHYR_WASM_DT_PARTITION_ID(DT_NODELABEL(card_partition)),
};
#endif

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

int card_begin(void)
{
	int result = fs_mount(&mount);

	for (size_t i = 0; i < ARRAY_SIZE(programs) && result == 0; i++) {
		struct fs_dirent entry;

		if (fs_stat(programs[i].path, &entry) != 0) {
			result = write_file(programs[i].path, programs[i].bytes, programs[i].size);
		}
	}
	return result;
}
