/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A file system on a card that is as slow as the other drivers: some files and directories, with
 * nothing but zeroes in them.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/fs/fs_sys.h>
#include <zephyr/ztest.h>

#include "slow.h"
#include "slow_files.h"

static struct item {
	char name[16];
	bool is_directory;
	off_t size;
} items[4];

/* An open file, or a list that is being read. */
static struct place {
	bool is_open;
	struct item *item;
	off_t at;
} places[8];

/* The bytes of a transfer. */
#define BLOCK 4096

static const char *name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* The item of a name; that of no name is a free one. */
static struct item *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(items); i++) {
		if (strcmp(items[i].name, name) == 0) {
			return &items[i];
		}
	}
	return NULL;
}

static struct place *begin(struct item *item)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (!places[i].is_open) {
			places[i] = (struct place){.is_open = true, .item = item};
			return &places[i];
		}
	}
	return NULL;
}

static int make(const char *name, bool is_directory, struct item **made)
{
	*made = find("");
	if (*made == NULL) {
		return -ENOSPC;
	}
	**made = (struct item){.is_directory = is_directory};
	strncpy((*made)->name, name, sizeof((*made)->name) - 1);
	return 0;
}

static int slow_open(struct fs_file_t *file, const char *path, fs_mode_t mode)
{
	struct item *item = find(name_of(path));
	int result = slow_transfer();

	if (item == NULL) {
		result = (mode & FS_O_CREATE) == 0 ? -ENOENT : make(name_of(path), false, &item);
	}
	file->filep = result == 0 ? begin(item) : NULL;
	return result == 0 && file->filep == NULL ? -ENOMEM : result;
}

static ssize_t slow_read(struct fs_file_t *file, void *bytes, size_t size)
{
	struct place *place = file->filep;

	(void)slow_transfer();
	size = MIN(size, (size_t)MAX(place->item->size - place->at, 0));
	memset(bytes, 0, size);
	place->at += size;
	return size;
}

static ssize_t slow_write(struct fs_file_t *file, const void *bytes, size_t size)
{
	struct place *place = file->filep;

	ARG_UNUSED(bytes);
	(void)slow_transfer();
	place->at += size;
	place->item->size = MAX(place->item->size, place->at);
	return size;
}

static int slow_seek(struct fs_file_t *file, off_t offset, int whence)
{
	struct place *place = file->filep;

	place->at = whence == FS_SEEK_END ? place->item->size : offset;
	return slow_transfer();
}

static off_t slow_tell(struct fs_file_t *file)
{
	return ((struct place *)file->filep)->at;
}

/* Zeroes are written as other bytes are. */
static int slow_truncate(struct fs_file_t *file, off_t size)
{
	struct item *item = ((struct place *)file->filep)->item;

	for (off_t at = item->size; at < size; at += BLOCK) {
		(void)slow_transfer();
	}
	item->size = size;
	return slow_transfer();
}

static int slow_sync(struct fs_file_t *file)
{
	ARG_UNUSED(file);
	return slow_transfer();
}

static int slow_close(struct fs_file_t *file)
{
	((struct place *)file->filep)->is_open = false;
	file->filep = NULL;
	return slow_transfer();
}

static int slow_opendir(struct fs_dir_t *dir, const char *path)
{
	struct place *place = begin(NULL);

	if (place != NULL && strcmp(path, "/slow") != 0) {
		/* Those below are empty. */
		place->at = ARRAY_SIZE(items);
	}
	dir->dirp = place;
	return place == NULL ? -ENOMEM : slow_transfer();
}

static int slow_readdir(struct fs_dir_t *dir, struct fs_dirent *entry)
{
	struct place *place = dir->dirp;

	*entry = (struct fs_dirent){.name = ""};
	while (place->at < ARRAY_SIZE(items) && entry->name[0] == '\0') {
		const struct item *item = &items[place->at++];

		strcpy(entry->name, item->name);
		entry->type = item->is_directory ? FS_DIR_ENTRY_DIR : FS_DIR_ENTRY_FILE;
		entry->size = item->size;
	}
	return slow_transfer();
}

static int slow_closedir(struct fs_dir_t *dir)
{
	((struct place *)dir->dirp)->is_open = false;
	return slow_transfer();
}

static int slow_mount(struct fs_mount_t *mount)
{
	ARG_UNUSED(mount);
	return 0;
}

static int slow_unlink(struct fs_mount_t *mount, const char *path)
{
	struct item *item = find(name_of(path));

	ARG_UNUSED(mount);
	(void)slow_transfer();
	if (item == NULL) {
		return -ENOENT;
	}
	item->name[0] = '\0';
	return 0;
}

static int slow_rename(struct fs_mount_t *mount, const char *from, const char *to)
{
	struct item *item = find(name_of(from));

	ARG_UNUSED(mount);
	(void)slow_transfer();
	if (item == NULL) {
		return -ENOENT;
	}
	strncpy(item->name, name_of(to), sizeof(item->name) - 1);
	return 0;
}

static int slow_mkdir(struct fs_mount_t *mount, const char *path)
{
	struct item *item;

	ARG_UNUSED(mount);
	(void)slow_transfer();
	return find(name_of(path)) != NULL ? -EEXIST : make(name_of(path), true, &item);
}

static int slow_stat(struct fs_mount_t *mount, const char *path, struct fs_dirent *entry)
{
	const struct item *item = find(name_of(path));

	ARG_UNUSED(mount);
	(void)slow_transfer();
	if (item == NULL) {
		return -ENOENT;
	}
	*entry = (struct fs_dirent){
		.type = item->is_directory ? FS_DIR_ENTRY_DIR : FS_DIR_ENTRY_FILE,
		.size = item->size,
	};
	strcpy(entry->name, item->name);
	return 0;
}

static const struct fs_file_system_t slow_system = {
	.open = slow_open,
	.read = slow_read,
	.write = slow_write,
	.lseek = slow_seek,
	.tell = slow_tell,
	.truncate = slow_truncate,
	.sync = slow_sync,
	.close = slow_close,
	.opendir = slow_opendir,
	.readdir = slow_readdir,
	.closedir = slow_closedir,
	.mount = slow_mount,
	.unlink = slow_unlink,
	.rename = slow_rename,
	.mkdir = slow_mkdir,
	.stat = slow_stat,
};

static ssize_t stream_read(void *context, void *bytes, size_t size, k_timeout_t timeout)
{
	ARG_UNUSED(context);
	ARG_UNUSED(timeout);
	(void)slow_transfer();
	memset(bytes, 'k', MIN(size, 1));
	return MIN(size, 1);
}

static ssize_t stream_write(void *context, const void *bytes, size_t size)
{
	ARG_UNUSED(context);
	ARG_UNUSED(bytes);
	(void)slow_transfer();
	return size;
}

static int stream_ready(void *context, k_timeout_t timeout)
{
	ARG_UNUSED(context);
	ARG_UNUSED(timeout);
	return slow_transfer();
}

static void stream_close(void *context)
{
	ARG_UNUSED(context);
	(void)slow_transfer();
}

static const struct zephyr_wasm_stream_api slow_stream = {
	.read = stream_read,
	.write = stream_write,
	.ready = stream_ready,
	.close = stream_close,
	.is_terminal = true,
};

const struct zephyr_wasm_stream slow_streams[3] = {
	{.api = &slow_stream},
	{.api = &slow_stream},
	{.api = &slow_stream},
};

struct zephyr_wasm_app *slow_files_run(const struct zephyr_wasm_image *image, const char *calls,
				       const struct zephyr_wasm_stream streams[3])
{
	static const char *const dirs[] = {"/slow"};
	static const char *args[] = {"files", NULL};
	static struct zephyr_wasm_command command = {
		.args = args,
		.arg_count = ARRAY_SIZE(args),
		.dirs = dirs,
		.dir_count = ARRAY_SIZE(dirs),
	};
	struct zephyr_wasm_app *app;

	args[1] = calls;
	memcpy(command.streams, streams, sizeof(command.streams));
	zassert_ok(zephyr_wasm_run(image, &command, &app));
	return app;
}

void slow_files_begin(void)
{
	static struct fs_mount_t mount = {.type = FS_TYPE_EXTERNAL_BASE, .mnt_point = "/slow"};
	struct item *file;

	if (mount.fs != NULL) {
		return;
	}
	zassert_ok(fs_register(FS_TYPE_EXTERNAL_BASE, &slow_system));
	zassert_ok(fs_mount(&mount));
	zassert_ok(make("file", false, &file));
	file->size = 1000;
}

bool slow_files_are_closed(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (places[i].is_open) {
			return false;
		}
	}
	return true;
}
