/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A card of LittleFS that is full, and what it does then to the files of others.
 */

#include <string.h>

#include <zephyr/fs/fs.h>

#include "common.h"
#include "wasi/nodes.h"

/* Writes to a file until the disk is full, and keeps what it has. */
static void fill_up(const char *path)
{
	static const char bytes[4096] = {1};
	struct fs_file_t file;

	fs_file_t_init(&file);
	zassert_ok(fs_open(&file, path, FS_O_CREATE | FS_O_WRITE));
	while (fs_write(&file, bytes, sizeof(bytes)) == sizeof(bytes) && fs_sync(&file) == 0) {
	}
	(void)fs_close(&file);
}

/* Nor does a move that fails for that remove anything: LittleFS had noted what it would remove, by
 * its number, which is another's when a file before it is gone. */
ZTEST(files, test_a_move_on_a_full_disk)
{
	char path[256] = CARD "/to/000";
	char *number = &path[sizeof(CARD "/to/") - 1];
	struct fs_dirent entry;
	int result = 0;

	memset(&path[strlen(path)], 'a', 180);
	zassert_ok(fs_mkdir(CARD "/from"));
	zassert_ok(fs_mkdir(CARD "/to"));
	card_write(CARD "/from/x", "x", 1);
	card_write(CARD "/from/y", "y", 1);
	fill_up(CARD "/full");
	for (int i = 0; i < 100 && result == 0; i++) {
		struct fs_file_t file;

		number[1] = '0' + i / 10;
		number[2] = '0' + i % 10;
		fs_file_t_init(&file);
		result = fs_open(&file, path, FS_O_CREATE | FS_O_WRITE);
		if (result == 0) {
			zassert_ok(fs_close(&file));
		}
	}
	/* LittleFS takes that for a name that is too long. */
	zassert_true(result < 0);
	zassert_equal(zephyr_wasm_wasi_path_rename(CARD "/from/x", path), -ENOSPC);
	zassert_ok(fs_unlink(CARD "/from/x"));
	zassert_ok(fs_unlink(CARD "/full"));
	zassert_ok(fs_mkdir(CARD "/other"));
	zassert_ok(fs_stat(CARD "/from/y", &entry));
}

static uint32_t chance(uint32_t below)
{
	static uint32_t state = 1;

	state = state * 1664525U + 1013904223U;
	return (uint32_t)(((uint64_t)state * below) >> 32);
}

/* One of few names, in one of three directories, often so long that few of them fill a block. */
static const char *some_path(char *path)
{
	static const char *const dirs[] = {CARD "/", CARD "/a/", CARD "/b/"};

	strcpy(path, dirs[chance(ARRAY_SIZE(dirs))]);
	strcat(path, (char[]){'0' + chance(10), '0' + chance(6), '\0'});
	if (chance(3) != 0) {
		size_t length = strlen(path);

		memset(&path[length], 'n', 200);
		path[length + 200] = '\0';
	}
	return path;
}

static void one_change(void)
{
	static const char bytes[8192] = {1};
	char path[256];
	char other[256];
	struct fs_file_t file;

	switch (chance(6)) {
	case 0:
		(void)fs_unlink(some_path(path));
		break;
	case 1:
		(void)zephyr_wasm_wasi_path_rename(some_path(path), some_path(other));
		break;
	case 2:
		(void)fs_mkdir(some_path(path));
		break;
	default:
		fs_file_t_init(&file);
		if (fs_open(&file, some_path(path), FS_O_CREATE | FS_O_RDWR) == 0) {
			(void)fs_write(&file, bytes, chance(sizeof(bytes)));
			(void)fs_truncate(&file, chance(sizeof(bytes)));
			(void)fs_close(&file);
		}
	}
}

/* LittleFS asserts, and loses what is not asked for, if a change that it gives up leaves something
 * behind. */
ZTEST(files, test_a_full_disk_by_chance)
{
	struct fs_dirent entry;

	zassert_ok(fs_mkdir(CARD "/a"));
	zassert_ok(fs_mkdir(CARD "/b"));
	zassert_ok(fs_mkdir(CARD "/others"));
	card_write(CARD "/others/x", "x", 1);
	card_write(CARD "/others/y", "yy", 2);
	fill_up(CARD "/full");
	for (int i = 0; i < 5000; i++) {
		one_change();
	}
	card_pull_out();
	card_put_in();
	zassert_ok(fs_stat(CARD "/others/x", &entry));
	zassert_equal(entry.size, 1);
	zassert_ok(fs_stat(CARD "/others/y", &entry));
	zassert_equal(entry.size, 2);
}

/* LittleFS keeps what was written before a write that failed to itself, and says that it is safe.
 */
ZTEST(files, test_what_a_full_disk_loses_is_told)
{
	static const char bytes[4096] = {1};
	struct fs_file_t file;

	fs_file_t_init(&file);
	zassert_ok(fs_open(&file, CARD "/file", FS_O_CREATE | FS_O_RDWR));
	zassert_equal(fs_write(&file, bytes, sizeof(bytes)), (ssize_t)sizeof(bytes));
	zassert_ok(fs_sync(&file));
	fill_up(CARD "/full");
	while (fs_write(&file, bytes, sizeof(bytes)) > 0) {
	}
	zassert_equal(fs_sync(&file), -EIO);
	zassert_ok(fs_unlink(CARD "/full"));
	zassert_equal(fs_write(&file, bytes, 1), 1);
	zassert_ok(fs_sync(&file));
	zassert_ok(fs_close(&file));
}
