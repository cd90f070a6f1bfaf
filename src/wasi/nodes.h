/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Files that are open, each of them once, however many have it open: they see the same bytes, and
 * what is open is neither removed nor replaced. One call at a time, because what is compared and
 * then done is one step; file systems take one at a time themselves.
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

/** A file that is open. */
struct wasi_node;

/** Where zephyr_wasm_wasi_node_write() appends. */
#define WASI_END UINT64_MAX

/** How a file is opened; it can always be read. */
struct wasi_how {
	/** To write it. */
	bool write;
	/** Make it if it is not there. */
	bool create;
	/** Empty it, for all that have it open. */
	bool truncate;
	/** Make it, and -EEXIST if it is there. */
	bool exclusive;
};

/** Makes a path the only one of its file, but on FAT: no empty names, no `.`, no `..`, no `/` at
 * its end. */
void zephyr_wasm_wasi_path_clean(char *path);

/** Opens a file: 0, or a negative errno; -EMFILE if CONFIG_WASM_WASI_OPEN_FILE_COUNT are open. */
int zephyr_wasm_wasi_node_open(const char *path, struct wasi_how how, struct wasi_node **node);

/** Closes it for one that has it open. */
void zephyr_wasm_wasi_node_close(struct wasi_node *node);

/** Reads or writes at a place: how much, or a negative errno. A write far behind the end adds
 * zeroes first, and is 0 if more are missing than go at once. */
ssize_t zephyr_wasm_wasi_node_read(struct wasi_node *node, uint64_t at, void *bytes, size_t size);
ssize_t zephyr_wasm_wasi_node_write(struct wasi_node *node, uint64_t at, const void *bytes,
				    size_t size);

/** How many bytes it has. */
uint64_t zephyr_wasm_wasi_node_size(struct wasi_node *node);

/** Adds zeroes up to a size, unless it has more, but only as many as go at once, whatever others
 * make of it meanwhile: 1 if some are missing still, 0, or a negative errno. */
int zephyr_wasm_wasi_node_grow(struct wasi_node *node, uint64_t size);

/** Cuts it to a size, unless it has less: 0, or a negative errno. */
int zephyr_wasm_wasi_node_cut(struct wasi_node *node, uint64_t size);

/** Has it survive a loss of power as it is: 0, or a negative errno. */
int zephyr_wasm_wasi_node_sync(struct wasi_node *node);

/** A directory that is being listed. */
struct wasi_listing {
	sys_snode_t next;
	struct fs_dir_t dir;
	/** Where it is: it stays there, but for FAT's other spellings. */
	char path[WASI_PATH_SIZE];
};

/** Begins to list a directory: 0, or a negative errno. */
int zephyr_wasm_wasi_listing_open(struct wasi_listing *listing, const char *path);

/** The next of what is in it, with no name after the last: 0, or a negative errno. */
int zephyr_wasm_wasi_listing_next(struct wasi_listing *listing, struct fs_dirent *entry);

/** Ends the list. */
void zephyr_wasm_wasi_listing_close(struct wasi_listing *listing);

/* The paths from here on are clean. */

/** What is at a path, as those see it who have it open: 0, or a negative errno. */
int zephyr_wasm_wasi_path_stat(const char *path, struct fs_dirent *entry);

/** Makes a directory: 0, or a negative errno. */
int zephyr_wasm_wasi_path_make_directory(const char *path);

/** Removes what nobody has open: 0, -EBUSY, or another negative errno. */
int zephyr_wasm_wasi_path_remove(const char *path);

/**
 * Moves what nobody has open, in place of what nobody has open: 1 if it is still where it was,
 * under another spelling of its name, 0, -EBUSY, or another negative errno.
 */
int zephyr_wasm_wasi_path_rename(const char *from, const char *to);

#endif /* ZEPHYR_WASM_WASI_NODES_H_ */
