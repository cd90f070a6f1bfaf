/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * FAT only: whether two paths are one file, and renaming a file to another spelling of its own
 * name. The lock of nodes.c allows one call at a time.
 */

#include <errno.h>
#include <string.h>

#include <ff.h>

#include "fat.h"
#include "wasi.h"

/* Whether each character of a path is one byte, and each byte one character. */
#define IS_BYTE_EACH (FF_LFN_UNICODE == 0 && IN_RANGE(FF_CODE_PAGE, 1, 899))

/* Zephyr copies FatFs's names to a buffer for MAX_FILE_NAME characters, however long they are. */
#if FF_USE_LFN
#define LONGEST_NAME MIN(FF_LFN_BUF, (IS_BYTE_EACH ? 1 : 3) * FF_MAX_LFN)
#else
#define LONGEST_NAME 12
#endif
BUILD_ASSERT(MAX_FILE_NAME >= LONGEST_NAME,
	     "a program's file could have a longer name than there is room for: set "
	     "CONFIG_FILE_SYSTEM_MAX_FILE_NAME=-1, and with a code page of more than a byte a "
	     "character CONFIG_FS_FATFS_MAX_LFN=255");
/* zephyr:storage reads and writes settings without the lock of nodes.c. */
BUILD_ASSERT(!IS_ENABLED(CONFIG_SETTINGS_FILE) || IS_ENABLED(CONFIG_FS_FATFS_REENTRANT),
	     "settings may be in a file of FAT, which is not reentrant with long names in a static "
	     "buffer: set CONFIG_FS_FATFS_LFN_MODE_STACK=y");

/* FatFs accepts both as separators of names. */
static bool is_separator(char c)
{
	return c == '/' || c == '\\';
}

/* Whether FatFs ends a path at a character. */
static bool is_end(char c)
{
	return (unsigned char)c < ' ' || (!IS_ENABLED(CONFIG_FS_FATFS_LFN) && c == ' ');
}

/* Whether the character of a path, which is not its first, begins a name that is none to FatFs: of
 * separators only, or, without long names, a dot or a space. */
static bool is_nameless(const char *at)
{
	if (!is_separator(at[-1])) {
		return false;
	}
	if (*at == '\\') {
		return is_separator(at[1]) || at[1] == '\0';
	}
	return !IS_ENABLED(CONFIG_FS_FATFS_LFN) &&
	       (*at == ' ' || (*at == '.' && (is_separator(at[1]) || is_end(at[1]))));
}

int zephyr_wasm_wasi_fat_check_name(const char *path)
{
	if (!IS_BYTE_EACH && strchr(path, '\\') != NULL) {
		return -EINVAL;
	}
	for (const char *at = path; *at != '\0'; at++) {
		if ((unsigned char)*at < ' ') {
			return -ENOENT;
		}
		if ((!IS_ENABLED(CONFIG_FS_FATFS_LFN) && (unsigned char)*at > '~') ||
		    (at > path && is_nameless(at))) {
			return -EINVAL;
		}
	}
	return 0;
}

/* Counts the names in a path, up to @p most. Writes the length of the path up to the last name that
 * was counted. */
static size_t count_names(const char *path, size_t most, size_t *length)
{
	size_t count = 0;
	size_t at = 0;

	for (; !is_end(path[at]); at++) {
		if (is_separator(path[at]) && !is_separator(path[at + 1]) &&
		    !is_end(path[at + 1])) {
			if (count == most) {
				break;
			}
			count++;
		}
	}
	*length = at;
	return count;
}

bool zephyr_wasm_wasi_fat_has(const struct fs_file_t *file)
{
	return file->mp != NULL && file->mp->type == FS_FATFS;
}

bool zephyr_wasm_wasi_fat_same_file(const struct fs_file_t *one, const struct fs_file_t *other)
{
	const FIL *a = one->filep;
	const FIL *b = other->filep;

	/* Compared by the place of the directory entry. An empty file has no other identity. */
	return zephyr_wasm_wasi_fat_has(one) && one->mp == other->mp &&
	       a->dir_sect == b->dir_sect && a->dir_ptr == b->dir_ptr;
}

bool zephyr_wasm_wasi_fat_same_dir(const struct fs_dir_t *one, const struct fs_dir_t *other)
{
	const DIR *a = one->dirp;
	const DIR *b = other->dirp;

	return one->mp != NULL && one->mp->type == FS_FATFS && one->mp == other->mp &&
	       a->obj.sclust == b->obj.sclust;
}

/* Converts the error of opening a directory. One that does not exist is not the one that is looked
 * for. */
static int unless_missing(int result)
{
	return result == -ENOENT ? 0 : result == -ENOMEM ? -EMFILE : result;
}

int zephyr_wasm_wasi_fat_check_outside(const char *directory, const char *path)
{
	static char above[WASI_PATH_SIZE];
	const struct fs_mount_t *mount;
	struct fs_dir_t dir;
	DWORD cluster = 0;
	size_t length;
	size_t depth;
	int result;

	/* Directories are opened one after the other, because programs that list directories may
	 * leave room for only one. */
	fs_dir_t_init(&dir);
	result = fs_opendir(&dir, directory);
	if (result != 0) {
		/* It is a file, or does not exist. */
		return result == -ENOMEM ? -EMFILE : 0;
	}
	mount = dir.mp;
	if (mount->type == FS_FATFS) {
		cluster = ((const DIR *)dir.dirp)->obj.sclust;
	}
	(void)fs_closedir(&dir);
	/* A directory is at one depth, however its path is spelt. So only the directory at that
	 * depth above the path has to be compared. To compare all of them would take as long as a
	 * program likes. */
	depth = count_names(directory, SIZE_MAX, &length);
	(void)count_names(path, depth, &length);
	if (mount->type != FS_FATFS || !is_separator(path[length]) || length >= sizeof(above)) {
		return 0;
	}
	memcpy(above, path, length);
	above[length] = '\0';
	fs_dir_t_init(&dir);
	result = fs_opendir(&dir, above);
	if (result != 0) {
		return unless_missing(result);
	}
	result = dir.mp == mount && ((const DIR *)dir.dirp)->obj.sclust == cluster ? -EINVAL : 0;
	(void)fs_closedir(&dir);
	return result;
}

static int are_same_files(const char *one, const char *other)
{
	struct fs_file_t a;
	struct fs_file_t b;
	int result;

	fs_file_t_init(&a);
	fs_file_t_init(&b);
	result = fs_open(&a, one, FS_O_READ);
	if (result != 0) {
		return result;
	}
	result = fs_open(&b, other, FS_O_READ);
	if (result == 0) {
		result = zephyr_wasm_wasi_fat_same_file(&a, &b);
		(void)fs_close(&b);
	}
	(void)fs_close(&a);
	return result;
}

static int are_same_dirs(const char *one, const char *other)
{
	struct fs_dir_t a;
	struct fs_dir_t b;
	int result;

	fs_dir_t_init(&a);
	fs_dir_t_init(&b);
	result = fs_opendir(&a, one);
	if (result != 0) {
		return result;
	}
	result = fs_opendir(&b, other);
	if (result == 0) {
		result = zephyr_wasm_wasi_fat_same_dir(&a, &b);
		(void)fs_closedir(&b);
	}
	(void)fs_closedir(&a);
	return result;
}

int zephyr_wasm_wasi_fat_is_same(const char *one, const char *other)
{
	struct fs_dirent first;
	struct fs_dirent second;

	if (fs_stat(one, &first) != 0 || fs_stat(other, &second) != 0 ||
	    first.type != second.type) {
		return 0;
	}
	return first.type == FS_DIR_ENTRY_FILE ? are_same_files(one, other)
					       : are_same_dirs(one, other);
}

int zephyr_wasm_wasi_fat_truncate(struct fs_file_t *file, off_t size)
{
	bool is_cut =
		zephyr_wasm_wasi_fat_has(file) && (FSIZE_t)size < f_size((const FIL *)file->filep);
	int result = fs_truncate(file, size);

	/* FatFs frees the clusters that are cut off, and writes the entry later. If power were lost
	 * in between, the file would contain what others have written there. */
	return result == 0 && is_cut ? fs_sync(file) : result;
}

int zephyr_wasm_wasi_fat_respell(const char *from, const char *to)
{
	/* Paths of FatFs have no `/` before the volume. */
	FRESULT result = f_rename(&from[1], &to[1]);

	switch (result) {
	case FR_OK:
		return 0;
	case FR_DENIED:
	case FR_EXIST:
		return -EACCES;
	case FR_INVALID_NAME:
		return -EINVAL;
	case FR_NO_FILE:
	case FR_NO_PATH:
		return -ENOENT;
	case FR_WRITE_PROTECTED:
		return -EROFS;
	default:
		return -EIO;
	}
}
