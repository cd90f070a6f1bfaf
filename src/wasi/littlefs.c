/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Repairs LittleFS's state after a change has failed, as on a full card. All functions that change
 * a file system go through here (-Wl,--wrap), under the lock that Zephyr holds around each call.
 */

#include <lfs.h>

#include <zephyr/sys/util.h>

/* The bits of the tag in LittleFS's global state that belong to a move: that there is one, and of
 * which entry. */
#define HAS_MOVE GENMASK(30, 28)
#define MOVE     GENMASK(30, 10)

/* After a failure, half a directory entry may remain in the cache, and LittleFS asserts that the
 * cache is empty when the next call writes elsewhere. So it is dropped. Nothing of another call is
 * lost, because each call that succeeds has written all of its data. */
static lfs_ssize_t written(lfs_t *lfs, lfs_ssize_t result)
{
	if (result < 0) {
		lfs->pcache.block = (lfs_block_t)-1;
	}
	return result;
}

/* Wraps one of LittleFS's functions that write: its result type, name, parameters, and arguments.
 */
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
/* These two first write what is in the cache. */
WRITES(lfs_ssize_t, lfs_file_read, (lfs_t * lfs, lfs_file_t *file, void *buffer, lfs_size_t size),
       lfs, file, buffer, size)
WRITES(lfs_soff_t, lfs_file_seek, (lfs_t * lfs, lfs_file_t *file, lfs_soff_t offset, int whence),
       lfs, file, offset, whence)

int __real_lfs_file_sync(lfs_t *lfs, lfs_file_t *file);
int __wrap_lfs_file_sync(lfs_t *lfs, lfs_file_t *file);

/* After a failed write, LittleFS saves nothing of the file until a write has succeeded, not even
 * what was written before the failure. But its sync returns success. */
int __wrap_lfs_file_sync(lfs_t *lfs, lfs_file_t *file)
{
	int result = (int)written(lfs, __real_lfs_file_sync(lfs, file));

	return result == 0 && (file->flags & LFS_F_ERRED) != 0 ? LFS_ERR_IO : result;
}

int __real_lfs_rename(lfs_t *lfs, const char *from, const char *to);
int __wrap_lfs_rename(lfs_t *lfs, const char *from, const char *to);

/* Before it writes an entry to another directory, LittleFS notes which entry is to be removed. If
 * the write fails, the note stays. The next change of anybody writes the note, and the change after
 * that removes whatever entry is there by then. So this takes the note back. */
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
