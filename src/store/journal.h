/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the store knows, besides the files themselves: records in the first blocks of the partition,
 * where no file ever is. Nothing that is uploaded can be taken for one of them.
 *
 * A record is written once, and counts if it is whole. The last of those that are of one thing
 * counts; the others, and what is gone, are left out as the records move to the other half of the
 * journal, which they do when their half is full. A half counts from the record on that says so,
 * the last that is written as they move: until then, the half before does.
 *
 * Where the halves are depends on options of the image. Whoever uploads a file to one image chooses
 * what another reads as its journal, if that looks elsewhere: so the record that has a half count
 * says where it is as well, and the first of the partition is of the image that has written it, for
 * no file comes before the journal. If this image would not have put it there, it reads nothing.
 */

#ifndef ZEPHYR_WASM_STORE_JOURNAL_H_
#define ZEPHYR_WASM_STORE_JOURNAL_H_

#include <zephyr/sys/util.h>

#include <zephyr_wasm/store.h>

#include "flash.h"

enum record_type {
	/** The half of the journal that it is in counts. */
	RECORD_COMMIT = 0x43,
	/** A version of an app. */
	RECORD_ENTRY = 0x45,
	/** The least version of an app that may be installed (floor.c). */
	RECORD_FLOOR = 0x46,
	/** A key that is trusted no longer. */
	RECORD_REVOKED = 0x52,
};

/** How far a version has come. */
enum record_state {
	RECORD_RECEIVING = 1,
	RECORD_INSTALLED = 2,
	/** Its blocks are being erased. */
	RECORD_REMOVING = 3,
	/** Its blocks are erased. */
	RECORD_GONE = 4,
};

/** What is known of a version that is installed. */
enum record_flag {
	RECORD_IS_SIGNED = 1,
	RECORD_IS_TRIED = 2,
	RECORD_IS_CONFIRMED = 4,
};

struct record {
	uint8_t type;
	uint8_t state;
	uint8_t flags;
	uint8_t unused;
	union {
		/* Each begins with what the record is about (a version by its sequence, a name, a
		 * key): of those alike there, the last counts. */
		struct {
			uint32_t sequence;
			uint32_t offset;
			uint32_t size;
			uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
			uint8_t key[ZEPHYR_WASM_KEY_ID_SIZE];
		} entry;
		struct {
			char name[ZEPHYR_WASM_NAME_SIZE];
			uint16_t version[3];
		} floor;
		uint8_t key[ZEPHYR_WASM_KEY_SIZE];
		struct {
			uint32_t generation;
			/* Where this record itself is, in the partition. */
			uint32_t place;
			/* JOURNAL_HALF and FLASH_BLOCK of the image that has written it. */
			uint32_t half;
			uint32_t block;
		} commit;
		uint8_t bytes[56];
	};
	uint32_t crc;
};

/** The most records that count at once. A half of the journal has room for twice as many, so that
 * it is not full again as soon as they have moved there. */
#define JOURNAL_RECORDS                                                                            \
	(CONFIG_WASM_STORE_ENTRY_COUNT + CONFIG_WASM_STORE_FLOOR_COUNT +                           \
	 CONFIG_WASM_STORE_REVOKED_KEY_COUNT)

/** A half of the journal, in bytes. */
#define JOURNAL_HALF ROUND_UP(2 * JOURNAL_RECORDS * sizeof(struct record), FLASH_BLOCK)

/** The size of the journal in bytes; behind it, the files begin. */
#define JOURNAL_SIZE (2 * JOURNAL_HALF)

/** Finds the half that counts, after flash_open(); -ENOTSUP if the journal is not where this image
 * would have it. */
int zephyr_wasm_journal_open(void);

/** How many slots for records, from the first of the half that counts, may have one. */
size_t zephyr_wasm_journal_end(void);

/** Reads a slot; false if it has no record that counts. */
bool zephyr_wasm_journal_read(size_t slot, struct record *record);

/** Writes a record, whose checksum it computes. */
int zephyr_wasm_journal_write(struct record *record);

#endif /* ZEPHYR_WASM_STORE_JOURNAL_H_ */
