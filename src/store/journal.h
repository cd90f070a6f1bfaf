/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The journal of the store: what the store knows besides the files, as records in the first blocks
 * of the partition. No file is ever written there, so nothing that is uploaded can be taken for a
 * record.
 *
 * A record is written once, and is valid if its checksum is right. Of several records about one
 * thing, the last one is valid. When a half of the journal is full, the valid records move to the
 * other half, and the others are dropped. At the end of the move, a commit record is written to the
 * new half. Until then, the old half remains the valid one.
 *
 * Where the halves are depends on Kconfig options. Whoever uploads a file to an image could choose
 * bytes that an image with other options reads as its journal. So a commit record contains its own
 * offset and the layout of the image that has written it. The first commit record in the partition
 * is always a real one, because the journal comes before all files. If this image would not have
 * written it there, it does not use the partition.
 *
 * `zephyr-wasm image` writes records, too (rust/cli/src/image). The compiler compares the
 * structures and numbers of rust/cli/src/image/record.rs with those of this file.
 */

#ifndef ZEPHYR_WASM_STORE_JOURNAL_H_
#define ZEPHYR_WASM_STORE_JOURNAL_H_

#include <zephyr/sys/util.h>

#include <zephyr_wasm/store.h>

#include "flash.h"

enum record_type {
	/** The half of the journal that this record is in is valid. */
	RECORD_COMMIT = 0x43,
	/** A version of an app. */
	RECORD_ENTRY = 0x45,
	/** The oldest version of an app that may be installed (floor.c). */
	RECORD_FLOOR = 0x46,
	/** A key that is not trusted any more. */
	RECORD_REVOKED = 0x52,
};

/** The state of a version. */
enum record_state {
	RECORD_RECEIVING = 1,
	RECORD_INSTALLED = 2,
	/** Its blocks are being erased. */
	RECORD_REMOVING = 3,
	/** Its blocks are erased. */
	RECORD_GONE = 4,
};

/** Flags of an installed version. */
enum record_flag {
	RECORD_IS_SIGNED = 1,
	RECORD_IS_TRIED = 2,
	RECORD_IS_CONFIRMED = 4,
};

/* What a record has of each type begins with what it is about: the sequence number of a version, a
 * name, or a key. Of records that begin alike, the last one is valid. */

struct record_entry {
	uint32_t sequence;
	uint32_t offset;
	uint32_t size;
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	uint8_t key[ZEPHYR_WASM_KEY_ID_SIZE];
};

struct record_floor {
	char name[ZEPHYR_WASM_NAME_SIZE];
	uint16_t version[3];
};

struct record_commit {
	uint32_t generation;
	/* The offset of this record itself in the partition. */
	uint32_t place;
	/* JOURNAL_HALF and FLASH_BLOCK of the image that has written it. */
	uint32_t half;
	uint32_t block;
};

struct record {
	uint8_t type;
	uint8_t state;
	uint8_t flags;
	uint8_t unused;
	union {
		struct record_entry entry;
		struct record_floor floor;
		uint8_t key[ZEPHYR_WASM_KEY_SIZE];
		struct record_commit commit;
		uint8_t bytes[56];
	};
	uint32_t crc;
};

/** The most records that are valid at once. A half of the journal has room for twice as many, so
 * that it is not full again as soon as they have moved there. */
#define JOURNAL_RECORDS                                                                            \
	(CONFIG_WASM_STORE_ENTRY_COUNT + CONFIG_WASM_STORE_FLOOR_COUNT +                           \
	 CONFIG_WASM_STORE_REVOKED_KEY_COUNT)

/** The size of a half of the journal in bytes. */
#define JOURNAL_HALF ROUND_UP(2 * JOURNAL_RECORDS * sizeof(struct record), FLASH_BLOCK)

/** The size of the journal in bytes. The files come after it. */
#define JOURNAL_SIZE (2 * JOURNAL_HALF)

/** Finds the valid half, after zephyr_wasm_flash_open(). Returns 0, or -ENOTSUP if the journal is
 * not where this image would have it. */
int zephyr_wasm_journal_open(void);

/** Returns how many slots, from the first one of the valid half on, may have a record. */
size_t zephyr_wasm_journal_end(void);

/** Reads a slot; false if it has no valid record. */
bool zephyr_wasm_journal_read(size_t slot, struct record *record);

/** Computes the checksum of a record, and writes the record. Returns 0, or a negative error. */
int zephyr_wasm_journal_write(struct record *record);

#endif /* ZEPHYR_WASM_STORE_JOURNAL_H_ */
