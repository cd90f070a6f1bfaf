/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The entries of the store, which are versions of apps. The file of an entry takes a run of whole
 * blocks of its own. What else is known of it, such as its state and its key, is in the journal
 * (journal.h).
 */

#ifndef ZEPHYR_WASM_STORE_ENTRY_H_
#define ZEPHYR_WASM_STORE_ENTRY_H_

#include <zephyr_wasm/store.h>

#include "flash.h"

enum entry_state {
	/** The entry is free. */
	ENTRY_UNUSED,
	/** A part of its file has been received. */
	ENTRY_RECEIVING,
	/** It was checked, and can run. */
	ENTRY_INSTALLED,
	/** Its file has changed since it was installed, or could not be erased completely: it is
	 * not run. */
	ENTRY_DAMAGED,
	/** Its signature is not one that this image trusts. */
	ENTRY_REFUSED,
	/** Its blocks were being erased when the power was lost. */
	ENTRY_REMOVING,
};

/** A version of an app. */
struct entry {
	/* First, so that a pointer to the image of a running app is a pointer to its entry.
	 * `validated` is set when the version has been checked since the start of the board, and
	 * `entry` when its signature was: the code that runs of it. What flash says about that is
	 * not trusted. */
	struct zephyr_wasm_image image;
	struct zephyr_wasm_identity identity;
	enum entry_state state;
	/* The offset of its first block in the partition. */
	uint32_t offset;
	uint32_t size;
	/* A version that was installed later has a larger number. */
	uint32_t sequence;
	/* SHA-256 of the file; zeroes until it is known. */
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	/* The id of the key that has signed it, if it is signed. */
	uint8_t key[ZEPHYR_WASM_KEY_ID_SIZE];
	bool is_signed;
	/* `tried`: it was started at least once, so its trial has begun. `confirmed`: it has passed
	 * its trial. */
	bool tried;
	bool confirmed;
	/* It has ended on trial: by a failure, or normally. */
	bool failed;
	bool ended_well;
	/* It ran, and was stopped because its key was revoked. The version of its name that may run
	 * is to be started. */
	bool ran;
};

/** Reads the partition, at the first call that succeeds, and completes what a loss of power has
 * interrupted. Returns 0, or a negative error. */
int zephyr_wasm_entry_mount(void);

/** Forgets all that was read, as after a loss of power. For tests. */
void zephyr_wasm_entry_unmount(void);

/** Returns the entry after this one, or the first for NULL, in any state but unused; NULL after the
 * last. */
struct entry *zephyr_wasm_entry_next(struct entry *entry);

/** Returns the installed version of a name that is to run; NULL if there is none. */
struct entry *zephyr_wasm_entry_current(const char *name);

/** Returns the version of the same app that was installed before this one; NULL if there is none.
 */
struct entry *zephyr_wasm_entry_before(const struct entry *entry);

/** Returns the entry of an image, which is found by the address of its bytes; NULL if they are not
 * in the store. */
struct entry *zephyr_wasm_entry_of(const struct zephyr_wasm_image *image);

/** Creates an entry with a run of free blocks for a file of @p size bytes; NULL if there is no
 * room. The digest may be zeroes. */
struct entry *zephyr_wasm_entry_create(size_t size, const uint8_t *digest);

/** A question about an entry. */
typedef bool (*entry_test_t)(const struct entry *entry);

/** Whether there is an entry and a run of free blocks for a file of @p size bytes. Entries for
 * which @p spare returns true count as free; @p spare may be NULL. */
bool zephyr_wasm_entry_fits(size_t size, entry_test_t spare);

/** Returns the size of all free blocks in bytes. */
size_t zephyr_wasm_entry_free_bytes(void);

/** Notes in the journal that a version has been started. */
int zephyr_wasm_entry_try(struct entry *entry);

/** Notes in the journal that a version has passed its trial. */
int zephyr_wasm_entry_confirm(struct entry *entry);

/** Makes a checked version an installed one, by one record in the journal. */
int zephyr_wasm_entry_commit(struct entry *entry);

/** Whether the digest of an entry's file is known. */
bool zephyr_wasm_entry_has_digest(const struct entry *entry);

/** Points an entry's image at its file, and reads the app's name and version from it. Returns false
 * if it is no app, and writes the reason to @p message. */
bool zephyr_wasm_entry_open(struct entry *entry, char *message);

/** Whether the file has the digest that was announced. If none was announced, stores the digest of
 * the file, and returns true. */
bool zephyr_wasm_entry_is_intact(struct entry *entry);

/** Whether an app is loaded, or about to be loaded, from an entry. Its bytes must not be erased
 * then. */
bool zephyr_wasm_entry_is_used(const struct entry *entry);

/** Erases an entry. Returns 0, -EBUSY if an app uses the entry, or an error of the flash. */
int zephyr_wasm_entry_remove(struct entry *entry);

#endif /* ZEPHYR_WASM_STORE_ENTRY_H_ */
