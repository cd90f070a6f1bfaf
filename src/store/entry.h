/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is in the store: versions of apps. The file of each takes a run of whole blocks, and nothing
 * else is there; what is known of it is in the journal (journal.h).
 */

#ifndef ZEPHYR_WASM_STORE_ENTRY_H_
#define ZEPHYR_WASM_STORE_ENTRY_H_

#include <zephyr_wasm/store.h>

#include "flash.h"

enum entry_state {
	/** Nobody's. */
	ENTRY_UNUSED,
	/** Some of it has come. */
	ENTRY_RECEIVING,
	/** It was checked, and can run. */
	ENTRY_INSTALLED,
	/** It was checked, and is not what it was. */
	ENTRY_DAMAGED,
	/** It was checked, and this image does not trust who has signed it. */
	ENTRY_REFUSED,
	/** Its blocks were being erased as the power was lost. */
	ENTRY_REMOVING,
};

/** A version of an app. */
struct entry {
	/* First, so that what runs tells its entry. It is validated if it was checked since the
	 * board started; what flash says of that counts for nothing. */
	struct zephyr_wasm_image image;
	struct zephyr_wasm_identity identity;
	enum entry_state state;
	/* Its first block's place in the partition. */
	uint32_t offset;
	uint32_t size;
	/* The later one was installed later. */
	uint32_t sequence;
	/* Zeroes until it is known. */
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	uint8_t key[ZEPHYR_WASM_KEY_ID_SIZE];
	bool is_signed;
	bool tried;
	bool confirmed;
	/* It ended on trial, as nobody wanted or as it should. */
	bool failed;
	bool ended_well;
	/* It was stopped, and what is to run of its name is to be started. */
	bool ran;
};

/** Finds what is in the partition, once, and finishes what a loss of power has left unfinished. */
int zephyr_wasm_entry_mount(void);

/** Forgets all of that, as a loss of power does; for tests. */
void zephyr_wasm_entry_unmount(void);

/** The entry behind one, or the first for NULL, of any state but unused; NULL behind the last. */
struct entry *zephyr_wasm_entry_next(struct entry *entry);

/** The installed version of that name which is to run; NULL if there is none. */
struct entry *zephyr_wasm_entry_current(const char *name);

/** The installed version before one; NULL if there is none. */
struct entry *zephyr_wasm_entry_before(const struct entry *entry);

/** The entry of what runs, by where its bytes are; NULL if it is none of the store. */
struct entry *zephyr_wasm_entry_of(const struct zephyr_wasm_image *image);

/** Takes a run of free blocks for a file; NULL if there is none. The digest may be zeroes. */
struct entry *zephyr_wasm_entry_create(size_t size, const uint8_t *digest);

/** What is asked of an entry. */
typedef bool (*entry_test_t)(const struct entry *entry);

/** Whether there is a run of free blocks for a file, and an entry; with those that are spare taken
 * for free, of which NULL knows none. */
bool zephyr_wasm_entry_fits(size_t size, entry_test_t spare);

/** The bytes of all blocks that are free. */
size_t zephyr_wasm_entry_free_bytes(void);

/** Notes that a version has been started. */
int zephyr_wasm_entry_try(struct entry *entry);

/** Notes that a version has passed its trial. */
int zephyr_wasm_entry_confirm(struct entry *entry);

/** Makes an entry installed that was checked, as its key and signature say. */
int zephyr_wasm_entry_commit(struct entry *entry);

/** Whether the digest of an entry's file is known. */
bool zephyr_wasm_entry_has_digest(const struct entry *entry);

/** Points an entry's image at its file, and reads who it is; false if it is none. */
bool zephyr_wasm_entry_open(struct entry *entry, char *message);

/** Whether the file is what was announced; if nothing was, it is. */
bool zephyr_wasm_entry_is_intact(struct entry *entry);

/** Whether an app is loaded from an entry, or about to be, so that its bytes have to stay. */
bool zephyr_wasm_entry_is_used(const struct entry *entry);

/** Erases an entry; -EBUSY if it is used. */
int zephyr_wasm_entry_remove(struct entry *entry);

#endif /* ZEPHYR_WASM_STORE_ENTRY_H_ */
