/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * FAT has several names for one file: by case, by dots and spaces at the end, and short names. So
 * these functions compare files by their directory entries.
 */

#ifndef ZEPHYR_WASM_WASI_FAT_H_
#define ZEPHYR_WASM_WASI_FAT_H_

#include <stdbool.h>

#include <zephyr/fs/fs.h>

#ifdef CONFIG_FAT_FILESYSTEM_ELM

/** Whether an open file is on FAT. */
bool zephyr_wasm_wasi_fat_has(const struct fs_file_t *file);

/** Whether both are on FAT, and are the same file. */
bool zephyr_wasm_wasi_fat_same_file(const struct fs_file_t *one, const struct fs_file_t *other);

/** Whether both are on FAT, and are the same directory. */
bool zephyr_wasm_wasi_fat_same_dir(const struct fs_dir_t *one, const struct fs_dir_t *other);

/** Checks that a path is neither in a directory nor that directory. Returns 0, -EINVAL if it is, or
 * another negative errno. */
int zephyr_wasm_wasi_fat_check_outside(const char *directory, const char *path);

/**
 * Checks that FatFs takes a path for what it says. Returns 0, -EINVAL, or -ENOENT if the path has a
 * control character, which no name on FAT has.
 *
 * FatFs takes a control character, and a name of backslashes only, for the end of the path: what is
 * changed would be the directory before it, which may be the one that the program was given.
 * Without long names, a name that begins with a space is one, too, and `.` after a backslash or
 * before a space is an empty name. In a list, that is the end, and files after it would not be
 * counted. And FatFs makes other bytes of those that are not ASCII then, which can be a control
 * character that was none before, or no character. With a code page of two bytes for a character, a
 * backslash may be the second byte of a character.
 */
int zephyr_wasm_wasi_fat_check_name(const char *path);

/** Whether two paths are the same file or directory: 1, 0, or a negative errno. */
int zephyr_wasm_wasi_fat_is_same(const char *one, const char *other);

/** Like fs_truncate(), but also saves the entry of a FAT file that becomes smaller, so that it does
 * not contain data of other files after a loss of power. */
int zephyr_wasm_wasi_fat_truncate(struct fs_file_t *file, off_t size);

/** Renames a file to another spelling of its name. fs_rename() would first remove the file with the
 * new name, which is the same one. */
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
