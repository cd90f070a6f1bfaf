/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What FAT needs more than other file systems: it has many names for one file, by case, by dots and
 * spaces at the end, and short ones. Which file is meant is told by where its entry is.
 */

#ifndef ZEPHYR_WASM_WASI_FAT_H_
#define ZEPHYR_WASM_WASI_FAT_H_

#include <stdbool.h>

#include <zephyr/fs/fs.h>

#ifdef CONFIG_FAT_FILESYSTEM_ELM

/** Whether an open file is of FAT. */
bool zephyr_wasm_wasi_fat_has(const struct fs_file_t *file);

/** Whether both are of FAT, and are one file. */
bool zephyr_wasm_wasi_fat_same_file(const struct fs_file_t *one, const struct fs_file_t *other);

/** Whether both are of FAT, and are one directory. */
bool zephyr_wasm_wasi_fat_same_dir(const struct fs_dir_t *one, const struct fs_dir_t *other);

/** Whether a path is in a directory, or is that directory: -EINVAL, 0, or another negative errno.
 */
int zephyr_wasm_wasi_fat_check_outside(const char *directory, const char *path);

/**
 * -EINVAL for a path that FatFs takes for another than it says, or 0. Without long names, `.`
 * behind a backslash, or before a space, is a name of no characters, which in a list is its end:
 * what comes behind it would not be counted. With a code page of two bytes a character, a backslash
 * may be the second of them, and no end of a name.
 */
int zephyr_wasm_wasi_fat_check_name(const char *path);

/** Whether two paths are of one file or directory: 1, 0, or a negative errno. */
int zephyr_wasm_wasi_fat_is_same(const char *one, const char *other);

/** As fs_truncate(); what FAT has cut off is another file's only when its entry knows that. */
int zephyr_wasm_wasi_fat_truncate(struct fs_file_t *file, off_t size);

/** Gives a file another name in its place. Zephyr removes first what has the new name: itself. */
int zephyr_wasm_wasi_fat_respell(const char *from, const char *to);

#else

static inline bool zephyr_wasm_wasi_fat_has(const struct fs_file_t *file)
{
	ARG_UNUSED(file);
	return false;
}

static inline bool zephyr_wasm_wasi_fat_same_file(const struct fs_file_t *one,
						  const struct fs_file_t *other)
{
	ARG_UNUSED(one);
	ARG_UNUSED(other);
	return false;
}

static inline bool zephyr_wasm_wasi_fat_same_dir(const struct fs_dir_t *one,
						 const struct fs_dir_t *other)
{
	ARG_UNUSED(one);
	ARG_UNUSED(other);
	return false;
}

static inline int zephyr_wasm_wasi_fat_check_outside(const char *directory, const char *path)
{
	ARG_UNUSED(directory);
	ARG_UNUSED(path);
	return 0;
}

static inline int zephyr_wasm_wasi_fat_check_name(const char *path)
{
	ARG_UNUSED(path);
	return 0;
}

static inline int zephyr_wasm_wasi_fat_is_same(const char *one, const char *other)
{
	ARG_UNUSED(one);
	ARG_UNUSED(other);
	return 0;
}

static inline int zephyr_wasm_wasi_fat_truncate(struct fs_file_t *file, off_t size)
{
	return fs_truncate(file, size);
}

static inline int zephyr_wasm_wasi_fat_respell(const char *from, const char *to)
{
	return fs_rename(from, to);
}

#endif /* CONFIG_FAT_FILESYSTEM_ELM */

#endif /* ZEPHYR_WASM_WASI_FAT_H_ */
