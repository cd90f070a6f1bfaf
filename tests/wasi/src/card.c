/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/fs/fs.h>
#include <zephyr/storage/flash_map.h>

#include "common.h"

#ifdef CONFIG_FAT_FILESYSTEM_ELM
#include <ff.h>

static FATFS fat;
static struct fs_mount_t mount = {.type = FS_FATFS, .mnt_point = CARD, .fs_data = &fat};
#define PLACE ((uintptr_t)CARD + 1)
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
#define PLACE ((uintptr_t)ZEPHYR_WASM_DT_PARTITION_ID(DT_NODELABEL(card_partition)))
#endif

void card_begin(void)
{
	static bool mounted;

	if (mounted) {
		card_pull_out();
	}
	zassert_ok(fs_mkfs(mount.type, PLACE, NULL, 0));
	card_put_in();
	mounted = true;
}

void card_pull_out(void)
{
	zassert_ok(fs_unmount(&mount));
}

void card_put_in(void)
{
	zassert_ok(fs_mount(&mount));
}

void card_write(const char *path, const void *bytes, size_t size)
{
	struct fs_file_t file;

	fs_file_t_init(&file);
	zassert_ok(fs_open(&file, path, FS_O_CREATE | FS_O_WRITE));
	zassert_equal(fs_write(&file, bytes, size), (ssize_t)size);
	zassert_ok(fs_close(&file));
}
