/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The entries of the store: versions of apps. The file of each takes a run of whole blocks of its
 * own; what else is known of it (its state, its key) is in the journal (journal.h).
 */

#ifndef ZEPHYR_WASM_STORE_ENTRY_H_
#define ZEPHYR_WASM_STORE_ENTRY_H_

#include <zephyr_wasm/store.h>

#include "flash.h"

enum entry_state {
	/** The entry is free. */
	ENTRY_UNUSED,
	/** A part of its file has come. */
	ENTRY_RECEIVING,
	/** It was checked, and can run. */
	ENTRY_INSTALLED,
	/** Its file is not what was installed, or could not be erased whole: it is not run. */
	ENTRY_DAMAGED,
	/** This image does not trust who has signed it. */
	ENTRY_REFUSED,
	/** Its blocks were being erased as the power was lost. */
	ENTRY_REMOVING,
};

/** A version of an app. */
struct entry {
	/* First, so that a pointer to the image of an app that runs is one to its entry. Its
	 * `validated` is set once it was checked since the board started: what flash says of that
	 * counts for nothing. */
	struct zephyr_wasm_image image;
	struct zephyr_wasm_identity identity;
	enum entry_state state;
	/* Its first block's place in the partition. */
	uint32_t offset;
	uint32_t size;
	/* Larger for what was installed later. */
	uint32_t sequence;
	/* SHA-256 of the file; zeroes until it is known. */
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	/* Who has signed it, if it is signed. */
	uint8_t key[ZEPHYR_WASM_KEY_ID_SIZE];
	bool is_signed;
	/* It was started at least once, and so its trial has begun; it has passed that. */
	bool tried;
	bool confirmed;
	/* How it has ended on trial: by a failure, or as it should. */
	bool failed;
	bool ended_well;
	/* It ran, and was stopped to make way: what is to run of its name is to be started. */
	bool ran;
};

/** Reads what is in the partition, at the first call that succeeds, and finishes what a loss of
 * power has left unfinished. */
int zephyr_wasm_entry_mount(void);

/** Forgets all of that, as a loss of power does; for tests. */
void zephyr_wasm_entry_unmount(void);

/** The entry behind one, or the first for NULL, of any state but unused; NULL behind the last. */
struct entry *zephyr_wasm_entry_next(struct entry *entry);

/** The installed version of that name which is to run; NULL if there is none. */
struct entry *zephyr_wasm_entry_current(const char *name);

/** The version of the same app that was installed before one; NULL if there is none. */
struct entry *zephyr_wasm_entry_before(const struct entry *entry);

/** The entry that an image is of, by where its bytes are; NULL if they are not in the store. */
struct entry *zephyr_wasm_entry_of(const struct zephyr_wasm_image *image);

/** Takes a run of free blocks for a file; NULL if there is none. The digest may be zeroes. */
struct entry *zephyr_wasm_entry_create(size_t size, const uint8_t *digest);

/** A question about an entry. */
typedef bool (*entry_test_t)(const struct entry *entry);

/** Whether there is an entry, and a run of free blocks, for a file of this size. Entries of which
 * @p spare is true are counted as free; NULL for none. */
bool zephyr_wasm_entry_fits(size_t size, entry_test_t spare);

/** The bytes of all blocks that are free. */
size_t zephyr_wasm_entry_free_bytes(void);

/** Notes in the journal that a version has been started. */
int zephyr_wasm_entry_try(struct entry *entry);

/** Notes in the journal that a version has passed its trial. */
int zephyr_wasm_entry_confirm(struct entry *entry);

/** Makes a version that was checked an installed one, by one record in the journal. */
int zephyr_wasm_entry_commit(struct entry *entry);

/** Whether the digest of an entry's file is known. */
bool zephyr_wasm_entry_has_digest(const struct entry *entry);

/** Points an entry's image at its file, and reads the app's name and version there; false if it is
 * no app, with why in words. */
bool zephyr_wasm_entry_open(struct entry *entry, char *message);

/** Whether the file has the digest that was announced, if one was. */
bool zephyr_wasm_entry_is_intact(struct entry *entry);

/** Whether an app is loaded from an entry, or about to be: its bytes must not be erased then. */
bool zephyr_wasm_entry_is_used(const struct entry *entry);

/** Erases an entry; -EBUSY if it is used. */
int zephyr_wasm_entry_remove(struct entry *entry);

#endif /* ZEPHYR_WASM_STORE_ENTRY_H_ */
