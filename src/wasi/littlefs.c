/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Mends what LittleFS is left with when a change has failed, which it does on a full card. All that
 * changes a file system goes through here (-Wl,--wrap), under the lock that Zephyr holds around
 * each call.
 */

#include <lfs.h>

#include <zephyr/sys/util.h>

/* What a tag of LittleFS's state of all has of a move: that there is one, and of which entry. */
#define HAS_MOVE GENMASK(30, 28)
#define MOVE     GENMASK(30, 10)

/* Half an entry of a directory that has no room for it waits to be written, and LittleFS asserts
 * that nothing does when the next call writes elsewhere. What a call has done is written when it
 * returns, so nothing of another call's is lost. */
static lfs_ssize_t written(lfs_t *lfs, lfs_ssize_t result)
{
	if (result < 0) {
		lfs->pcache.block = (lfs_block_t)-1;
	}
	return result;
}

/* One of LittleFS's functions that change something: its result, name, parameters, arguments. */
#define WRITES(type, name, parameters, ...)                                                        \
	type __real_##name parameters;                                                             \
	type __wrap_##name parameters;                                                             \
	type __wrap_##name parameters                                                              \
	{                                                                                          \
		return (type)written(lfs, __real_##name(__VA_ARGS__));                             \
	}

WRITES(int, lfs_remove, (lfs_t * lfs, const char *path), lfs, path)
WRITES(int, lfs_mkdir, (lfs_t * lfs, const char *path), lfs, path)
WRITES(int, lfs_file_opencfg,
       (lfs_t * lfs, lfs_file_t *file, const char *path, int flags,
	const struct lfs_file_config *config),
       lfs, file, path, flags, config)
WRITES(int, lfs_file_close, (lfs_t * lfs, lfs_file_t *file), lfs, file)
WRITES(int, lfs_file_truncate, (lfs_t * lfs, lfs_file_t *file, lfs_off_t size), lfs, file, size)
WRITES(lfs_ssize_t, lfs_file_write,
       (lfs_t * lfs, lfs_file_t *file, const void *buffer, lfs_size_t size), lfs, file, buffer,
       size)
/* These two write first what waits. */
WRITES(lfs_ssize_t, lfs_file_read, (lfs_t * lfs, lfs_file_t *file, void *buffer, lfs_size_t size),
       lfs, file, buffer, size)
WRITES(lfs_soff_t, lfs_file_seek, (lfs_t * lfs, lfs_file_t *file, lfs_soff_t offset, int whence),
       lfs, file, offset, whence)

int __real_lfs_file_sync(lfs_t *lfs, lfs_file_t *file);
int __wrap_lfs_file_sync(lfs_t *lfs, lfs_file_t *file);

/* Once a write has failed, LittleFS saves nothing of the file until one has succeeded, not what was
 * written before it either; and says that all is well. */
int __wrap_lfs_file_sync(lfs_t *lfs, lfs_file_t *file)
{
	int result = (int)written(lfs, __real_lfs_file_sync(lfs, file));

	return result == 0 && (file->flags & LFS_F_ERRED) != 0 ? LFS_ERR_IO : result;
}

int __real_lfs_rename(lfs_t *lfs, const char *from, const char *to);
int __wrap_lfs_rename(lfs_t *lfs, const char *from, const char *to);

/* Before it writes an entry to another directory, LittleFS notes which one is to be removed. If
 * that fails, the note stays: the next change of anybody writes it, and the one after that removes
 * whatever is there by then. */
int __wrap_lfs_rename(lfs_t *lfs, const char *from, const char *to)
{
	int result = (int)written(lfs, __real_lfs_rename(lfs, from, to));

	if (result < 0 && (lfs->gdisk.tag & HAS_MOVE) == 0) {
		lfs->gstate.tag &= ~(uint32_t)MOVE;
		lfs->gstate.pair[0] = 0;
		lfs->gstate.pair[1] = 0;
	}
	return result;
}
