/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A card. These boards have none to plug in, so that this makes one of simulated flash or RAM; a
 * board with a card mounts that.
 */

#include <zephyr/fs/fs.h>
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

int card_begin(void)
{
	return fs_mount(&mount);
}
