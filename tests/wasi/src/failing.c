/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A file system as a card that is pulled out: one file, of which some reads work and the next fail.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/fs/fs_sys.h>

#include "common.h"

#define SIZE 4096

static int left;
static off_t place;
/* The length of the open file. */
static off_t length;

static int failing_open(struct fs_file_t *file, const char *path, fs_mode_t mode)
{
	ARG_UNUSED(mode);
	file->filep = &place;
	length = strstr(path, "large") == NULL ? SIZE : INT32_MAX;
	place = 0;
	return 0;
}

static ssize_t failing_read(struct fs_file_t *file, void *bytes, size_t size)
{
	ARG_UNUSED(file);
	if (left-- <= 0) {
		return -EIO;
	}
	/* A little at a time, and all of it good so far. */
	size = MIN(size, 64);
	memcpy(bytes, ZEPHYR_WASM_IMAGE(trial)->wasm + place % 1024, size);
	place += size;
	return size;
}

static int failing_lseek(struct fs_file_t *file, off_t offset, int whence)
{
	ARG_UNUSED(file);
	place = whence == FS_SEEK_END ? length : offset;
	return 0;
}

static off_t failing_tell(struct fs_file_t *file)
{
	ARG_UNUSED(file);
	return place;
}

static int failing_close(struct fs_file_t *file)
{
	file->filep = NULL;
	return 0;
}

static int failing_mount(struct fs_mount_t *mount)
{
	ARG_UNUSED(mount);
	return 0;
}

static int failing_stat(struct fs_mount_t *mount, const char *path, struct fs_dirent *entry)
{
	ARG_UNUSED(mount);
	ARG_UNUSED(path);
	*entry = (struct fs_dirent){.type = FS_DIR_ENTRY_FILE, .size = SIZE};
	return 0;
}

static const struct fs_file_system_t system = {
	.open = failing_open,
	.read = failing_read,
	.lseek = failing_lseek,
	.tell = failing_tell,
	.close = failing_close,
	.mount = failing_mount,
	.stat = failing_stat,
};

void failing_begin(int reads)
{
	static struct fs_mount_t mounts[] = {
		{.type = FS_TYPE_EXTERNAL_BASE, .mnt_point = "/bad"},
		{.type = FS_TYPE_EXTERNAL_BASE, .mnt_point = CARD "2"},
	};
	static bool mounted;

	left = reads;
	if (!mounted) {
		zassert_ok(fs_register(FS_TYPE_EXTERNAL_BASE, &system));
		zassert_ok(fs_mount(&mounts[0]));
		zassert_ok(fs_mount(&mounts[1]));
		mounted = true;
	}
}
