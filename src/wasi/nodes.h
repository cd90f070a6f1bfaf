/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Open files. Each file is opened once, however many programs have it open. So they see the same
 * bytes, and an open file is neither removed nor replaced. There is one call at a time, so that a
 * check and the change after it are one step. File systems allow one call at a time anyway.
 */

#ifndef ZEPHYR_WASM_WASI_NODES_H_
#define ZEPHYR_WASM_WASI_NODES_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <zephyr/fs/fs.h>
#include <zephyr/sys/slist.h>

#include "wasi.h"

/** An open file. */
struct wasi_node;

/** The offset with which zephyr_wasm_wasi_node_write() appends. */
#define WASI_END UINT64_MAX

/** How a file is opened. It can always be read. */
struct wasi_how {
	/** For writing. */
	bool write;
	/** Create it if it does not exist. */
	bool create;
	/** Empty it, also for others that have it open. */
	bool truncate;
	/** Create it, or fail with -EEXIST if it exists. */
	bool exclusive;
};

/** Opens a file. Returns 0, -EMFILE if CONFIG_WASM_WASI_OPEN_FILE_COUNT files are open, or another
 * negative errno. */
int zephyr_wasm_wasi_node_open(const char *path, struct wasi_how how, struct wasi_node **node);

/** Closes a file for one of those that have it open. */
void zephyr_wasm_wasi_node_close(struct wasi_node *node);

/** Reads or writes at an offset. Returns how many bytes, or a negative errno. A write after the end
 * first adds zeroes, and returns 0 if more of them are missing than are added at once. */
ssize_t zephyr_wasm_wasi_node_read(struct wasi_node *node, uint64_t at, void *bytes, size_t size);
ssize_t zephyr_wasm_wasi_node_write(struct wasi_node *node, uint64_t at, const void *bytes,
				    size_t size);

/** Returns the size of a file in bytes. */
uint64_t zephyr_wasm_wasi_node_size(struct wasi_node *node);

/** Adds zeroes up to a size, if the file is shorter, but only as many as are added at once. Returns
 * 1 if some are still missing, 0, or a negative errno. */
int zephyr_wasm_wasi_node_grow(struct wasi_node *node, uint64_t size);

/** Cuts a file to a size, if it is longer. Returns 0, or a negative errno. */
int zephyr_wasm_wasi_node_cut(struct wasi_node *node, uint64_t size);

/** Saves a file, so that it survives a loss of power. Returns 0, or a negative errno. */
int zephyr_wasm_wasi_node_sync(struct wasi_node *node);

/** A directory that is being listed. */
struct wasi_listing {
	sys_snode_t next;
	struct fs_dir_t dir;
	/** Its path. The directory is not moved meanwhile, except to another spelling on FAT. */
	char path[WASI_PATH_SIZE];
};

/** Begins to list a directory. Returns 0, or a negative errno. */
int zephyr_wasm_wasi_listing_open(struct wasi_listing *listing, const char *path);

/** Writes the next entry; its name is empty after the last one. Returns 0, or a negative errno. */
int zephyr_wasm_wasi_listing_next(struct wasi_listing *listing, struct fs_dirent *entry);

/** Ends the listing. */
void zephyr_wasm_wasi_listing_close(struct wasi_listing *listing);

/* The paths from here on have to be clean. */

/** Writes what is at a path, with the size that those see who have the file open. Returns 0, or a
 * negative errno. */
int zephyr_wasm_wasi_path_stat(const char *path, struct fs_dirent *entry);

/** Makes a directory. Returns 0, or a negative errno. */
int zephyr_wasm_wasi_path_make_directory(const char *path);

/** Removes a file or directory that nobody has open. Returns 0, -EBUSY if it is open, or another
 * negative errno. */
int zephyr_wasm_wasi_path_remove(const char *path);

/** Moves a file or directory that nobody has open, and replaces one that nobody has open. Returns 1
 * if it was only renamed to another spelling of its name, 0, -EBUSY, or another negative errno. */
int zephyr_wasm_wasi_path_rename(const char *from, const char *to);

#endif /* ZEPHYR_WASM_WASI_NODES_H_ */
