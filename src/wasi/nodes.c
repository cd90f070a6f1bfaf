/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Open files, found by their path, or on FAT by their directory entry, which may have more paths.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>

#include "api/writes.h"
#include "core/locks.h"
#include "core/thread.h"
#include "fat.h"
#include "nodes.h"
#include "paths.h"
#include "wasi.h"
#include "zephyr_wasm_manifest.h"

struct wasi_node {
	struct fs_file_t file;
	/* The offset at which the file system is, so that it need not seek again. */
	uint64_t at;
	uint64_t size;
	/* The end of the last write, and the bytes written since a block was last counted. */
	uint64_t written;
	uint32_t begun;
	/* How often it is open. If 0, the node is free. */
	uint16_t users;
	bool can_write;
	/* It has data that its directory entry does not have yet. */
	bool is_ahead;
	char path[WASI_PATH_SIZE];
};

static struct wasi_node nodes[CONFIG_WASM_WASI_OPEN_FILE_COUNT];
static sys_slist_t listings = SYS_SLIST_STATIC_INIT(&listings);
static K_MUTEX_DEFINE(lock);
ZEPHYR_WASM_LOCKS_DEFINE(nodes_locks, &lock, 1);

static void begin(void)
{
	zephyr_wasm_hurry_current();
	k_mutex_lock(&lock, K_FOREVER);
}

static int end(int result)
{
	k_mutex_unlock(&lock);
	return result;
}

#define BLOCK 4096 /* What flash erases at once, more or less. */

#if CONFIG_WASM_WASI_WRITES_PER_HOUR > 0
static struct zephyr_wasm_writes writes = {
	.setting = ZEPHYR_WASM_KEY_FILE_WRITES,
	.an_hour = CONFIG_WASM_WASI_WRITES_PER_HOUR,
	.at_once = CONFIG_WASM_WASI_WRITES_AT_ONCE,
};

/* Counts blocks that the calling app writes. Returns 0, or -EDQUOT. */
static int charge(uint64_t blocks)
{
	return zephyr_wasm_may_write(&writes, MIN(blocks, UINT32_MAX)) ? 0 : -EDQUOT;
}
#else
static inline int charge(uint64_t blocks)
{
	ARG_UNUSED(blocks);
	return 0;
}
#endif

static struct wasi_node *node_of_path(const char *path)
{
	ARRAY_FOR_EACH_PTR(nodes, node)
	{
		if (node->users > 0 && !zephyr_wasm_wasi_fat_has(&node->file) &&
		    strcmp(node->path, path) == 0) {
			return node;
		}
	}
	return NULL;
}

static struct wasi_node *node_of_entry(const struct fs_file_t *file)
{
	ARRAY_FOR_EACH_PTR(nodes, node)
	{
		if (node->users > 0 && zephyr_wasm_wasi_fat_same_file(&node->file, file)) {
			return node;
		}
	}
	return NULL;
}

/* Counts the zeroes that are added, or the last block, which is written again if a file is cut. */
static int charge_size(const struct wasi_node *node, uint64_t size)
{
	return charge(size < node->size ? 1 : DIV_ROUND_UP(size - node->size, BLOCK));
}

static int set_size(struct wasi_node *node, uint64_t size)
{
	int result = size > INT32_MAX ? -EFBIG : charge_size(node, size);

	if (result == 0) {
		result = zephyr_wasm_wasi_fat_truncate(&node->file, (off_t)size);
	}
	if (result == 0) {
		result = fs_seek(&node->file, 0, FS_SEEK_END);
	}
	if (result == 0) {
		node->size = fs_tell(&node->file);
		node->written = node->size;
		node->is_ahead = true;
		/* FAT adds as many bytes as there is room for, and reports no error. */
		result = node->size == size ? 0 : -ENOSPC;
	}
	/* Not every file system keeps its offset. */
	node->at = UINT64_MAX;
	return result;
}

/* Opens a file for writing that was opened only for reading. */
static int widen(struct wasi_node *node, const char *path)
{
	struct fs_file_t file;
	int result;

	fs_file_t_init(&file);
	result = fs_open(&file, path, FS_O_RDWR);
	if (result == 0) {
		(void)fs_close(&node->file);
		node->file = file;
		node->can_write = true;
		node->at = UINT64_MAX;
	}
	return result;
}

static int join(struct wasi_node *node, const char *path, struct wasi_how how)
{
	return how.exclusive ? -EEXIST : how.write && !node->can_write ? widen(node, path) : 0;
}

/* Opens the file at the path of this node; or finds that another node has it. */
static int open_new(struct wasi_node **node, struct wasi_how how)
{
	struct wasi_node *fresh = *node;
	fs_mode_t flags = FS_O_READ | (how.write ? FS_O_WRITE : 0);
	struct wasi_node *same;
	int result;

	fs_file_t_init(&fresh->file);
	result = fs_open(&fresh->file, fresh->path, flags);
	if (result == 0 && how.exclusive) {
		(void)fs_close(&fresh->file);
		return -EEXIST;
	}
	if (result == -ENOENT && how.create) {
		result = charge(1);
		if (result == 0) {
			fs_file_t_init(&fresh->file);
			result = fs_open(&fresh->file, fresh->path, flags | FS_O_CREATE);
		}
	}
	if (result != 0) {
		/* The file system has no room for another open file. */
		return result == -ENOMEM ? -EMFILE : result;
	}
	same = node_of_entry(&fresh->file);
	if (same != NULL) {
		(void)fs_close(&fresh->file);
		*node = same;
		return join(same, fresh->path, how);
	}
	/* The open file may have more than its directory entry says. */
	result = fs_seek(&fresh->file, 0, FS_SEEK_END);
	fresh->at = fresh->size = result == 0 ? fs_tell(&fresh->file) : 0;
	fresh->written = UINT64_MAX;
	fresh->begun = 0;
	fresh->can_write = how.write;
	fresh->is_ahead = false;
	if (result != 0) {
		(void)fs_close(&fresh->file);
	}
	return result;
}

static struct wasi_node *free_node(void)
{
	ARRAY_FOR_EACH_PTR(nodes, node)
	{
		if (node->users == 0) {
			return node;
		}
	}
	return NULL;
}

int zephyr_wasm_wasi_node_open(const char *path, struct wasi_how how, struct wasi_node **node)
{
	struct wasi_node *fresh;
	int result;

	if (strlen(path) >= WASI_PATH_SIZE) {
		return -ENAMETOOLONG;
	}
	begin();
	fresh = free_node();
	if (fresh == NULL) {
		return end(-EMFILE);
	}
	strcpy(fresh->path, path);
	result = zephyr_wasm_wasi_path_clean(fresh->path);
	if (result != 0) {
		return end(result);
	}
	*node = node_of_path(fresh->path);
	if (*node != NULL) {
		result = join(*node, fresh->path, how);
	} else {
		*node = fresh;
		result = open_new(node, how);
	}
	if (result == 0) {
		(*node)->users++;
		result = how.truncate ? set_size(*node, 0) : 0;
		if (result != 0 && --(*node)->users == 0) {
			(void)fs_close(&(*node)->file);
		}
	}
	return end(result);
}

void zephyr_wasm_wasi_node_close(struct wasi_node *node)
{
	begin();
	if (--node->users == 0) {
		(void)fs_close(&node->file);
	}
	(void)end(0);
}

/* Seeks, if the file system is at another offset. */
static int go_to(struct wasi_node *node, uint64_t at)
{
	int result = 0;

	if (at != node->at) {
		result = at > INT32_MAX ? -EFBIG : fs_seek(&node->file, (off_t)at, FS_SEEK_SET);
		node->at = result == 0 ? at : UINT64_MAX;
	}
	return result;
}

ssize_t zephyr_wasm_wasi_node_read(struct wasi_node *node, uint64_t at, void *bytes, size_t size)
{
	ssize_t result = 0;

	begin();
	if (at < node->size) {
		result = go_to(node, at);
		if (result == 0) {
			result = fs_read(&node->file, bytes, size);
		}
		node->at = result >= 0 ? node->at + result : UINT64_MAX;
		/* Reading writes the cache to flash, so the next write begins another block. */
		node->written = UINT64_MAX;
	}
	return end(result);
}

/* Counts each whole block of consecutive writes. A write elsewhere, or after a sync or read, counts
 * one block more, and those that follow it in the file: file systems in flash write them again. */
static int charge_write(const struct wasi_node *node, uint64_t at, size_t size)
{
	uint64_t blocks = (node->begun + (uint64_t)size) / BLOCK;

	if (!node->is_ahead || at != node->written) {
		blocks += 1 + (node->size - at) / BLOCK;
	}
	return charge(blocks);
}

/* The most zeroes that are added at once. The file system writes all of them. */
#define STEP 4096

static int grow(struct wasi_node *node, uint64_t size)
{
	uint64_t next;
	int result;

	if (size <= node->size) {
		return 0;
	}
	next = MIN(size, node->size + STEP);
	result = set_size(node, next);
	return result == 0 && next < size ? 1 : result;
}

ssize_t zephyr_wasm_wasi_node_write(struct wasi_node *node, uint64_t at, const void *bytes,
				    size_t size)
{
	ssize_t result;

	begin();
	at = at == WASI_END ? node->size : at;
	/* The end of a larger file is a negative offset to Zephyr's FAT, which would add 2 GiB of
	 * zeroes if the file was cut, byte by byte. */
	if (at + size > INT32_MAX) {
		return end(-EFBIG);
	}
	/* Zeroes are added between the end of the file and @p at. */
	result = grow(node, at);
	if (result == 1) {
		return end(0);
	}
	if (result == 0) {
		result = charge_write(node, at, size);
	}
	if (result == 0) {
		result = go_to(node, at);
	}
	if (result == 0) {
		result = fs_write(&node->file, bytes, size);
	}
	if (result > 0) {
		node->at += result;
		node->size = MAX(node->size, node->at);
		node->written = node->at;
		node->begun = (node->begun + result) % BLOCK;
		node->is_ahead = true;
	} else {
		node->at = UINT64_MAX;
		/* FAT reports a full disk by writing nothing. */
		result = result == 0 && size > 0 ? -ENOSPC : result;
	}
	return end(result);
}

uint64_t zephyr_wasm_wasi_node_size(struct wasi_node *node)
{
	uint64_t size;

	begin();
	size = node->size;
	(void)end(0);
	return size;
}

int zephyr_wasm_wasi_node_grow(struct wasi_node *node, uint64_t size)
{
	begin();
	return end(grow(node, size));
}

int zephyr_wasm_wasi_node_cut(struct wasi_node *node, uint64_t size)
{
	begin();
	return end(size < node->size ? set_size(node, size) : 0);
}

int zephyr_wasm_wasi_node_sync(struct wasi_node *node)
{
	int result;

	begin();
	result = fs_sync(&node->file);
	node->is_ahead = node->is_ahead && result != 0;
	return end(result);
}

int zephyr_wasm_wasi_listing_open(struct wasi_listing *listing, const char *path)
{
	int result;

	if (strlen(path) >= WASI_PATH_SIZE) {
		return -ENAMETOOLONG;
	}
	begin();
	fs_dir_t_init(&listing->dir);
	result = fs_opendir(&listing->dir, path);
	if (result == 0) {
		strcpy(listing->path, path);
		sys_slist_append(&listings, &listing->next);
	}
	/* The file system has no room for another open directory. */
	return end(result == -ENOMEM ? -EMFILE : result);
}

int zephyr_wasm_wasi_listing_next(struct wasi_listing *listing, struct fs_dirent *entry)
{
	begin();
	return end(fs_readdir(&listing->dir, entry));
}

void zephyr_wasm_wasi_listing_close(struct wasi_listing *listing)
{
	begin();
	if (sys_slist_find_and_remove(&listings, &listing->next)) {
		(void)fs_closedir(&listing->dir);
	}
	(void)end(0);
}

/* Whether a path is a mount point. Not every file system knows its own. */
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

/* Finds the open file of a path on FAT whose entry has not its size yet. Saving the entry instead
 * would use up a block of those that the writing program may write. */
static const struct wasi_node *node_ahead(const char *path)
{
	const struct wasi_node *found = NULL;
	struct fs_file_t file;
	bool is_ahead = false;

	ARRAY_FOR_EACH_PTR(nodes, node)
	{
		is_ahead = is_ahead || (node->users > 0 && node->is_ahead &&
					zephyr_wasm_wasi_fat_has(&node->file));
	}
	fs_file_t_init(&file);
	if (is_ahead && fs_open(&file, path, FS_O_READ) == 0) {
		found = node_of_entry(&file);
		(void)fs_close(&file);
	}
	return found;
}

int zephyr_wasm_wasi_path_stat(const char *path, struct fs_dirent *entry)
{
	const struct wasi_node *node;
	int result;

	if (is_mount(path)) {
		*entry = (struct fs_dirent){.type = FS_DIR_ENTRY_DIR};
		return 0;
	}
	begin();
	result = fs_stat(path, entry);
	if (result == 0 && entry->type == FS_DIR_ENTRY_FILE) {
		node = node_of_path(path);
		node = node == NULL ? node_ahead(path) : node;
		entry->size = node == NULL ? entry->size : node->size;
	}
	return end(result);
}

int zephyr_wasm_wasi_path_make_directory(const char *path)
{
	int result;

	begin();
	result = charge(1);
	return end(result == 0 ? fs_mkdir(path) : result);
}

static bool is_below(const char *directory, const char *path)
{
	size_t length = strlen(directory);

	return strncmp(directory, path, length) == 0 && path[length] == '/';
}

/* Checks that a file is not open by another path. Returns 0, -EBUSY, or another negative errno. */
static int check_entry(const char *path)
{
	struct fs_file_t file;
	bool is_fat = false;
	int result;

	ARRAY_FOR_EACH_PTR(nodes, node)
	{
		is_fat = is_fat || (node->users > 0 && zephyr_wasm_wasi_fat_has(&node->file));
	}
	if (!is_fat) {
		return 0;
	}
	fs_file_t_init(&file);
	result = fs_open(&file, path, FS_O_READ);
	if (result != 0) {
		return result == -ENOMEM ? -EMFILE : 0;
	}
	result = node_of_entry(&file) == NULL ? 0 : -EBUSY;
	(void)fs_close(&file);
	return result;
}

/* The same for a directory that is being listed, or has one below it: LittleFS would continue in
 * its old blocks, and a moved directory could be removed by its new name. */
static int check_listings(const char *path)
{
	struct wasi_listing *listing;
	struct fs_dir_t dir;
	int result = 0;

	if (sys_slist_is_empty(&listings)) {
		return 0;
	}
	fs_dir_t_init(&dir);
	result = fs_opendir(&dir, path);
	if (result != 0) {
		return result == -ENOMEM ? -EMFILE : 0;
	}
	SYS_SLIST_FOR_EACH_CONTAINER(&listings, listing, next)
	{
		if (strcmp(listing->path, path) == 0 || is_below(path, listing->path) ||
		    zephyr_wasm_wasi_fat_same_dir(&listing->dir, &dir)) {
			result = -EBUSY;
		}
	}
	(void)fs_closedir(&dir);
	return result;
}

static int check_unused(const char *path)
{
	int result;

	ARRAY_FOR_EACH_PTR(nodes, node)
	{
		if (node->users > 0 && !zephyr_wasm_wasi_fat_has(&node->file) &&
		    (strcmp(node->path, path) == 0 || is_below(path, node->path))) {
			return -EBUSY;
		}
	}
	result = check_entry(path);
	return result == 0 ? check_listings(path) : result;
}

int zephyr_wasm_wasi_path_remove(const char *path)
{
	int result;

	begin();
	result = check_unused(path);
	if (result == 0) {
		result = charge(1);
	}
	return end(result == 0 ? fs_unlink(path) : result);
}

int zephyr_wasm_wasi_path_rename(const char *from, const char *to)
{
	int result;

	begin();
	result = is_below(from, to) ? -EINVAL : check_unused(from);
	if (result == 0) {
		result = check_unused(to);
	}
	if (result == 0) {
		result = zephyr_wasm_wasi_fat_check_outside(from, to);
	}
	if (result == 0) {
		result = charge(1);
	}
	if (result == 0) {
		result = zephyr_wasm_wasi_fat_is_same(from, to);
		if (result > 0) {
			result = zephyr_wasm_wasi_fat_respell(from, to);
			return end(result == 0 ? 1 : result);
		}
	}
	return end(result == 0 ? fs_rename(from, to) : result);
}
