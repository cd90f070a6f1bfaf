/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * WASI's files, by Zephyr's file systems. What an app has open is in a pool, so that it is closed
 * when the app ends. A kill waits for the call that the app is in.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/kernel.h>

#include "core/mark.h"
#include "core/pool.h"
#include "core/text.h"
#include "core/thread.h"
#include "core/wall.h"
#include "fat.h"
#include "files.h"
#include "nodes.h"
#include "paths.h"
#include "wasi.h"

/* fs_readdir() cuts names to MAX_FILE_NAME characters. */
BUILD_ASSERT(!IS_ENABLED(CONFIG_FILE_SYSTEM_LITTLEFS) || MAX_FILE_NAME >= 255,
	     "names of LittleFS would be cut in lists, and what is in directories not be counted: "
	     "set CONFIG_FILE_SYSTEM_MAX_FILE_NAME=-1, and with FAT CONFIG_FS_FATFS_LFN=y and "
	     "CONFIG_FS_FATFS_MAX_LFN=255");

/* Whether it is known of a file what it was opened for: in user mode, and where no program may open
 * all files. */
#if defined(CONFIG_WASM_USERSPACE) ||                                                              \
	CONFIG_WASM_WASI_OPEN_FILE_COUNT_PER_PROGRAM < CONFIG_WASM_WASI_OPEN_FILE_COUNT
#define NOTES_USE
#endif

struct file {
	zephyr_wasm_owner_t owner;
	struct wasi_node *node;
#ifdef NOTES_USE
	/* It was opened for writing; and it is a stream's. */
	bool writes;
	bool is_streams;
#endif
	/* The offset at which a stream continues. */
	uint64_t next;
};

struct dir {
	zephyr_wasm_owner_t owner;
	struct wasi_listing listing;
};

static void close_file(void *slot)
{
	struct file *file = slot;

	if (file->node != NULL) {
		zephyr_wasm_wasi_node_close(file->node);
	}
}

static void close_dir(void *slot)
{
	zephyr_wasm_wasi_listing_close(&((struct dir *)slot)->listing);
}

ZEPHYR_WASM_POOL_DEFINE_KIND(wasi_files, struct file, CONFIG_WASM_WASI_OPEN_FILE_COUNT, NULL,
			     close_file, NULL, ZEPHYR_WASM_POOL_OF_CALLS);
ZEPHYR_WASM_POOL_DEFINE_KIND(wasi_dirs, struct dir, CONFIG_WASM_WASI_OPEN_DIR_COUNT, NULL,
			     close_dir, NULL, ZEPHYR_WASM_POOL_OF_CALLS);

static struct file *file_of(uint32_t number)
{
	return zephyr_wasm_pool_slot(&wasi_files, number);
}

static struct wasi_node *node_of(uint32_t number)
{
	return file_of(number)->node;
}

/* Copies and cleans a path, and appends a zero. Returns 0, or a negative errno. */
static int path_of(char path[WASI_PATH_SIZE], const char *text, size_t length)
{
	if (length >= WASI_PATH_SIZE) {
		return -ENAMETOOLONG;
	}
	if (!zephyr_wasm_copy_text(path, WASI_PATH_SIZE, text, length) ||
	    zephyr_wasm_wasi_path_clean(path) != 0) {
		return -EINVAL;
	}
	return zephyr_wasm_wasi_fat_check_name(path);
}

#ifdef CONFIG_WASM_USERSPACE
bool zephyr_wasm_wasi_file_is_own(uint32_t number, bool writes)
{
	const struct file *file = file_of(number);

	return !file->is_streams && (!writes || file->writes);
}

/* How many files the calling program may open. The runtime counts before, and counts directories
 * that are open, too. */
static uint32_t most_files(void)
{
	return MIN(CONFIG_WASM_WASI_OPEN_FILE_COUNT_PER_PROGRAM,
		   zephyr_wasm_granted_number("wasi_snapshot_preview1 files", UINT32_MAX));
}

/* The most directories that a program lists at once: two that it may go on with, and one more. */
#define MOST_LISTED 3

/* Whether the calling program may list one more directory. */
static bool has_room_to_list(void)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(wasi_dirs_slots); i++) {
		count += wasi_dirs_slots[i].owner == zephyr_wasm_current();
	}
	return count < MOST_LISTED;
}
#else
static inline uint32_t most_files(void)
{
	return CONFIG_WASM_WASI_OPEN_FILE_COUNT_PER_PROGRAM;
}

static inline bool has_room_to_list(void)
{
	return true;
}
#endif

#ifdef NOTES_USE
/* Whether the calling program may open one more file, besides those of its streams. */
static bool has_room(void)
{
	uint32_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(wasi_files_slots); i++) {
		const struct file *file = &wasi_files_slots[i];

		count += file->owner == zephyr_wasm_current() && !file->is_streams;
	}
	return count < most_files();
}

static void note_use(uint32_t number, bool writes, bool is_streams)
{
	wasi_files_slots[number].writes = writes;
	wasi_files_slots[number].is_streams = is_streams;
}
#else
static inline bool has_room(void)
{
	return true;
}

static inline void note_use(uint32_t number, bool writes, bool is_streams)
{
	ARG_UNUSED(number);
	ARG_UNUSED(writes);
	ARG_UNUSED(is_streams);
}
#endif

static int open_file(const char *path, struct wasi_how how, bool is_streams)
{
	int32_t number = zephyr_wasm_pool_take(&wasi_files);
	struct wasi_node *node;
	int result;

	if (number < 0) {
		return -EMFILE;
	}
	note_use(number, how.write, is_streams);
	result = zephyr_wasm_wasi_node_open(path, how, &node);
	if (result != 0) {
		zephyr_wasm_pool_give(&wasi_files, number);
		return result;
	}
	file_of(number)->node = node;
	return number;
}

int zephyr_wasm_wasi_file_open(const char *path, bool write, bool create, bool truncate)
{
	return open_file(path, (struct wasi_how){write, create, truncate, false}, true);
}

/* What is new is called nothing that a terminal would obey. The runtime looks first. */
static int path_of_new(char path[WASI_PATH_SIZE], const char *text, size_t length)
{
	int result = path_of(path, text, length);

	return result == 0 && !zephyr_wasm_holds(zephyr_wasm_wasi_is_harmless(path)) ? -EINVAL
										     : result;
}

int32_t zephyr_wasm_file_open(const char *text, size_t length, uint32_t how)
{
	char path[WASI_PATH_SIZE];
	int result = path_of(path, text, length);

	if (result == 0 && !has_room()) {
		result = -EMFILE;
	}
	if (result == 0) {
		/* A file that is there may be opened, whatever the firmware has called it. */
		bool creates = (how & WASI_CREATE) != 0 &&
			       zephyr_wasm_holds(zephyr_wasm_wasi_is_harmless(path));

		result = open_file(path,
				   (struct wasi_how){
					   .write = (how & WASI_WRITE) != 0,
					   .create = creates,
					   .truncate = (how & WASI_TRUNCATE) != 0,
					   .exclusive = (how & WASI_EXCLUSIVE) != 0,
				   },
				   false);
	}
	return zephyr_wasm_wasi_result(result);
}

int32_t zephyr_wasm_file_close(uint32_t number)
{
	zephyr_wasm_pool_give(&wasi_files, number);
	return 0;
}

void zephyr_wasm_wasi_file_end(uint32_t number)
{
	zephyr_wasm_pool_give(&wasi_files, number);
}

int32_t zephyr_wasm_file_read(uint32_t number, uint64_t at, uint8_t *bytes, size_t size)
{
	return zephyr_wasm_wasi_result(
		zephyr_wasm_wasi_node_read(node_of(number), at, bytes, size));
}

/* Extends a file with zeroes up to a size. Between two steps, a kill can come, and other programs
 * get their turn. */
static int grow(struct wasi_node *node, uint64_t size)
{
	int result = size > INT32_MAX ? -EFBIG : 1;

	while (result == 1) {
		result = zephyr_wasm_wasi_node_grow(node, size);
		zephyr_wasm_let_kill_come();
	}
	return result;
}

/* Writes bytes, after extending the file up to @p at. Repeats that if another program has cut the
 * file meanwhile. */
static ssize_t write_at(struct wasi_node *node, uint64_t at, const void *bytes, size_t size)
{
	ssize_t result = at != WASI_END && at > INT32_MAX ? -EFBIG : 0;

	while (result == 0 && size > 0) {
		result = zephyr_wasm_wasi_node_write(node, at, bytes, size);
		zephyr_wasm_let_kill_come();
	}
	return result;
}

int32_t zephyr_wasm_file_write(uint32_t number, uint64_t at, const uint8_t *bytes, size_t size)
{
	return zephyr_wasm_wasi_result(write_at(node_of(number), at, bytes, size));
}

/* The numbers of streams are the firmware's own, whoever has opened them. */
static struct file *file_of_stream(uint32_t number)
{
	return &wasi_files_slots[number];
}

ssize_t zephyr_wasm_wasi_file_read_on(uint32_t number, void *bytes, size_t size)
{
	struct file *file = file_of_stream(number);
	ssize_t result = zephyr_wasm_wasi_node_read(file->node, file->next, bytes, size);

	file->next += MAX(result, 0);
	return result;
}

ssize_t zephyr_wasm_wasi_file_write_on(uint32_t number, const void *bytes, size_t size)
{
	struct file *file = file_of_stream(number);
	ssize_t result = write_at(file->node, file->next, bytes, size);

	if (file->next != WASI_END) {
		file->next += MAX(result, 0);
	}
	return result;
}

void zephyr_wasm_wasi_file_to_end(uint32_t number)
{
	file_of_stream(number)->next = WASI_END;
}

uint64_t zephyr_wasm_file_size(uint32_t number)
{
	return zephyr_wasm_wasi_node_size(node_of(number));
}

int32_t zephyr_wasm_file_set_size(uint32_t number, uint64_t size)
{
	struct wasi_node *node = node_of(number);

	return zephyr_wasm_wasi_result(size > zephyr_wasm_wasi_node_size(node)
					       ? grow(node, size)
					       : zephyr_wasm_wasi_node_cut(node, size));
}

int32_t zephyr_wasm_file_sync(uint32_t number)
{
	return zephyr_wasm_wasi_result(zephyr_wasm_wasi_node_sync(node_of(number)));
}

int32_t zephyr_wasm_path_stat(const char *text, size_t length, uint64_t *size)
{
	char path[WASI_PATH_SIZE];
	struct fs_dirent entry;
	int result = path_of(path, text, length);

	if (result == 0) {
		result = zephyr_wasm_wasi_path_stat(path, &entry);
	}
	if (result != 0) {
		return zephyr_wasm_wasi_result(result);
	}
	/* LittleFS writes no size of a directory: that would be what the stack had there. */
	*size = entry.type == FS_DIR_ENTRY_DIR ? 0 : entry.size;
	return entry.type == FS_DIR_ENTRY_DIR;
}

int32_t zephyr_wasm_path_make_directory(const char *text, size_t length)
{
	char path[WASI_PATH_SIZE];
	int result = path_of_new(path, text, length);

	return zephyr_wasm_wasi_result(result == 0 ? zephyr_wasm_wasi_path_make_directory(path)
						   : result);
}

int32_t zephyr_wasm_path_remove(const char *text, size_t length)
{
	char path[WASI_PATH_SIZE];
	int result = path_of(path, text, length);

	return zephyr_wasm_wasi_result(result == 0 ? zephyr_wasm_wasi_path_remove(path) : result);
}

static bool is_dir(const char *path)
{
	struct fs_dirent entry;

	/* By the function with the lock, because FAT keeps one sector of all files in memory. */
	return zephyr_wasm_wasi_path_stat(path, &entry) == 0 && entry.type == FS_DIR_ENTRY_DIR;
}

static bool is_on(const char *mount, const char *path)
{
	size_t length = strlen(mount);

	return strncmp(mount, path, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Whether two paths are on the same file system. Zephyr compares only as much of the second path as
 * the mount point of the first one has: it would take /lfs2 for a path on /lfs, and move the file
 * anywhere. */
static bool are_on_one(const char *one, const char *other)
{
	const char *mount;
	int index = 0;

	while (fs_readmount(&index, &mount) == 0) {
		if (is_on(mount, one) != is_on(mount, other)) {
			return false;
		}
	}
	return true;
}

int32_t zephyr_wasm_path_rename(const char *from_text, size_t from_length, const char *to_text,
				size_t to_length)
{
	char from[WASI_PATH_SIZE];
	char to[WASI_PATH_SIZE];
	int result = path_of(from, from_text, from_length);

	if (result == 0) {
		result = path_of_new(to, to_text, to_length);
	}
	if (result == 0 && !are_on_one(from, to)) {
		result = -EXDEV;
	}
	if (result == 0) {
		result = zephyr_wasm_wasi_path_rename(from, to);
		/* FAT first removes what has the new name, and a directory that is not empty cannot
		 * be removed. */
		if ((result == -EPERM || result == -EACCES) && is_dir(to)) {
			result = -ENOTEMPTY;
		}
	}
	return zephyr_wasm_wasi_result(result);
}

int32_t zephyr_wasm_dir_open(const char *text, size_t length)
{
	char path[WASI_PATH_SIZE];
	int32_t number;
	int result = path_of(path, text, length);

	if (result != 0) {
		return zephyr_wasm_wasi_result(result);
	}
	number = has_room_to_list() ? zephyr_wasm_pool_take(&wasi_dirs) : FAILURE_LIMIT;
	if (number < 0) {
		return zephyr_wasm_wasi_result(-EMFILE);
	}
	result = zephyr_wasm_wasi_listing_open(
		&((struct dir *)zephyr_wasm_pool_slot(&wasi_dirs, number))->listing, path);
	if (result != 0) {
		zephyr_wasm_pool_give(&wasi_dirs, number);
	}
	return result != 0 ? zephyr_wasm_wasi_result(result) : number;
}

/** Writes the next name of a directory, and whether it is a directory itself. Returns the length of
 * the name, or 0 after the last. */
int32_t zephyr_wasm_dir_next(uint32_t number, char *name, uint64_t *size, bool *is_directory)
{
	struct dir *dir = zephyr_wasm_pool_slot(&wasi_dirs, number);
	struct fs_dirent entry;
	size_t length;
	int result;

	result = zephyr_wasm_wasi_listing_next(&dir->listing, &entry);
	if (result != 0) {
		return zephyr_wasm_wasi_result(result);
	}
	length = MIN(strlen(entry.name), WASI_PATH_SIZE - 1);
	memcpy(name, entry.name, length);
	*size = entry.type == FS_DIR_ENTRY_DIR ? 0 : entry.size;
	*is_directory = entry.type == FS_DIR_ENTRY_DIR;
	return (int32_t)length;
}

void zephyr_wasm_dir_close(uint32_t number)
{
	zephyr_wasm_pool_give(&wasi_dirs, number);
}
