/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * WASI's files over Zephyr's file systems. Whatever an app has open is in a pool, so that its end
 * closes it; a kill waits for the call that it is in.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/kernel.h>

#include "../pool.h"
#include "files.h"
#include "wasi.h"

struct file {
	zephyr_wasm_owner_t owner;
	struct fs_file_t file;
	/* Where the file system is in it, so that it is not told again. */
	uint64_t at;
	uint64_t size;
	/* Where a stream goes on. */
	uint64_t next;
};

struct dir {
	zephyr_wasm_owner_t owner;
	struct fs_dir_t dir;
};

static void close_file(void *slot)
{
	(void)fs_close(&((struct file *)slot)->file);
}

static void close_dir(void *slot)
{
	(void)fs_closedir(&((struct dir *)slot)->dir);
}

ZEPHYR_WASM_POOL_DEFINE_KIND(wasi_files, struct file, CONFIG_WASM_WASI_OPEN_FILES, NULL, close_file,
			     NULL, ZEPHYR_WASM_POOL_OF_CALLS);
/* An app lists one at a time. */
ZEPHYR_WASM_POOL_DEFINE_KIND(wasi_dirs, struct dir, CONFIG_WASM_MAX_APPS + 1, NULL, close_dir, NULL,
			     ZEPHYR_WASM_POOL_OF_CALLS);

static struct file *file_of(uint32_t number)
{
	return zephyr_wasm_pool_slot(&wasi_files, number);
}

/* A path with a zero behind it. */
static int path_of(char path[WASI_PATH_SIZE], const char *text, size_t length)
{
	if (length >= WASI_PATH_SIZE) {
		return -ENAMETOOLONG;
	}
	return zephyr_wasm_copy_text(path, WASI_PATH_SIZE, text, length) ? 0 : -EINVAL;
}

int wasi_file_open(const char *path, bool read, bool write, bool create, bool truncate)
{
	fs_mode_t flags = (read ? FS_O_READ : 0) | (write ? FS_O_WRITE : 0) |
			  (create ? FS_O_CREATE : 0) | (truncate ? FS_O_TRUNC : 0);
	int32_t number;
	struct file *file;
	int result;

	number = zephyr_wasm_pool_take(&wasi_files);
	if (number < 0) {
		return -EMFILE;
	}
	file = file_of(number);
	fs_file_t_init(&file->file);
	result = fs_open(&file->file, path, flags);
	if (result == 0) {
		/* The open file may know more than its directory. */
		result = fs_seek(&file->file, 0, FS_SEEK_END);
		file->at = file->size = result == 0 ? fs_tell(&file->file) : 0;
	}
	if (result != 0) {
		zephyr_wasm_pool_give(&wasi_files, number);
	}
	if (result == -ENOMEM) {
		/* The file system has as many open as it can. */
		result = -EMFILE;
	}
	return result != 0 ? result : number;
}

int32_t zephyr_wasm_file_open(const char *text, size_t length, uint32_t how)
{
	char path[WASI_PATH_SIZE];
	int result = path_of(path, text, length);

	if (result == 0) {
		result = wasi_file_open(path, (how & BIT(0)) != 0, (how & BIT(1)) != 0,
					(how & BIT(2)) != 0, (how & BIT(3)) != 0);
	}
	return wasi_result(result);
}

int32_t zephyr_wasm_file_close(uint32_t number)
{
	zephyr_wasm_pool_give(&wasi_files, number);
	return 0;
}

/* Has the file system be at a place. */
static int go_to(struct file *file, uint64_t at)
{
	int result = 0;

	if (at != file->at) {
		result = at > INT32_MAX ? -EFBIG : fs_seek(&file->file, (off_t)at, FS_SEEK_SET);
		if (result == 0) {
			file->at = at;
		}
	}
	return result;
}

static ssize_t read_at(struct file *file, uint64_t at, void *bytes, size_t size)
{
	ssize_t result;

	if (at >= file->size) {
		return 0;
	}
	result = go_to(file, at);
	if (result == 0) {
		result = fs_read(&file->file, bytes, size);
	}
	if (result > 0) {
		file->at += result;
	}
	return result;
}

static int set_size(struct file *file, uint64_t size)
{
	int result = size > INT32_MAX ? -EFBIG : fs_truncate(&file->file, (off_t)size);

	if (result == 0) {
		file->size = size;
		/* Not every file system stays where it was. */
		file->at = UINT64_MAX;
	}
	return result;
}

static ssize_t write_at(struct file *file, uint64_t at, const void *bytes, size_t size)
{
	/* What is between the end and here is zeroes. */
	ssize_t result = at > file->size ? set_size(file, at) : 0;

	if (result == 0) {
		result = go_to(file, at);
	}
	if (result == 0) {
		result = fs_write(&file->file, bytes, size);
	}
	if (result > 0) {
		file->at += result;
		file->size = MAX(file->size, file->at);
	} else if (result == 0 && size > 0) {
		/* FAT tells a full disk so. */
		result = -ENOSPC;
	}
	return result;
}

int32_t zephyr_wasm_file_read(uint32_t number, uint64_t at, void *bytes, size_t size)
{
	ssize_t result;

	result = read_at(file_of(number), at, bytes, size);
	return wasi_result(result);
}

int32_t zephyr_wasm_file_write(uint32_t number, uint64_t at, const void *bytes, size_t size)
{
	ssize_t result;

	result = write_at(file_of(number), at, bytes, size);
	return wasi_result(result);
}

ssize_t wasi_file_read_on(uint32_t number, void *bytes, size_t size)
{
	struct file *file = file_of(number);
	ssize_t result;

	result = read_at(file, file->next, bytes, size);
	file->next += MAX(result, 0);
	return result;
}

ssize_t wasi_file_write_on(uint32_t number, const void *bytes, size_t size)
{
	struct file *file = file_of(number);
	ssize_t result;

	result = write_at(file, file->next, bytes, size);
	file->next += MAX(result, 0);
	return result;
}

void wasi_file_to_end(uint32_t number)
{
	file_of(number)->next = file_of(number)->size;
}

uint64_t zephyr_wasm_file_size(uint32_t number)
{
	return file_of(number)->size;
}

int32_t zephyr_wasm_file_set_size(uint32_t number, uint64_t size)
{
	int result;

	result = set_size(file_of(number), size);
	return wasi_result(result);
}

int32_t zephyr_wasm_file_sync(uint32_t number)
{
	int result;

	result = fs_sync(&file_of(number)->file);
	return wasi_result(result);
}

/* Whether a path is where a file system begins, of which not every one knows that it is there. */
static bool is_mount(const char *path)
{
	const char *name;
	int index = 0;

	while (fs_readmount(&index, &name) == 0) {
		if (strcmp(name, path) == 0) {
			return true;
		}
	}
	return false;
}

int32_t zephyr_wasm_path_stat(const char *text, size_t length, uint64_t *size)
{
	char path[WASI_PATH_SIZE];
	struct fs_dirent entry;
	int result = path_of(path, text, length);

	if (result == 0) {
		if (is_mount(path)) {
			entry = (struct fs_dirent){.type = FS_DIR_ENTRY_DIR};
		} else {
			result = fs_stat(path, &entry);
		}
	}
	if (result != 0) {
		return wasi_result(result);
	}
	*size = entry.size;
	return entry.type == FS_DIR_ENTRY_DIR;
}

typedef int (*change_t)(const char *path);

static int32_t change(const char *text, size_t length, change_t act)
{
	char path[WASI_PATH_SIZE];
	int result = path_of(path, text, length);

	if (result == 0) {
		result = act(path);
	}
	return wasi_result(result);
}

int32_t zephyr_wasm_path_make_directory(const char *text, size_t length)
{
	return change(text, length, fs_mkdir);
}

int32_t zephyr_wasm_path_remove(const char *text, size_t length)
{
	return change(text, length, fs_unlink);
}

int32_t zephyr_wasm_path_rename(const char *from_text, size_t from_length, const char *to_text,
				size_t to_length)
{
	char from[WASI_PATH_SIZE];
	char to[WASI_PATH_SIZE];
	int result = path_of(from, from_text, from_length);

	if (result == 0) {
		result = path_of(to, to_text, to_length);
	}
	if (result == 0) {
		result = fs_rename(from, to);
	}
	return wasi_result(result);
}

int32_t zephyr_wasm_dir_open(const char *text, size_t length)
{
	char path[WASI_PATH_SIZE];
	int32_t number;
	int result = path_of(path, text, length);

	if (result != 0) {
		return wasi_result(result);
	}
	number = zephyr_wasm_pool_take(&wasi_dirs);
	if (number < 0) {
		result = -EMFILE;
	} else {
		struct dir *dir = zephyr_wasm_pool_slot(&wasi_dirs, number);

		fs_dir_t_init(&dir->dir);
		result = fs_opendir(&dir->dir, path);
		if (result != 0) {
			zephyr_wasm_pool_give(&wasi_dirs, number);
		}
	}
	return result != 0 ? wasi_result(result) : number;
}

/** Writes the next name, and whether it is a directory; its length, or 0 after the last. */
int32_t zephyr_wasm_dir_next(uint32_t number, char name[WASI_PATH_SIZE], uint64_t *size,
			     bool *is_directory)
{
	struct dir *dir = zephyr_wasm_pool_slot(&wasi_dirs, number);
	struct fs_dirent entry;
	size_t length;
	int result;

	result = fs_readdir(&dir->dir, &entry);
	if (result != 0) {
		return wasi_result(result);
	}
	length = MIN(strlen(entry.name), WASI_PATH_SIZE - 1);
	memcpy(name, entry.name, length);
	*size = entry.size;
	*is_directory = entry.type == FS_DIR_ENTRY_DIR;
	return (int32_t)length;
}

void zephyr_wasm_dir_close(uint32_t number)
{
	zephyr_wasm_pool_give(&wasi_dirs, number);
}
