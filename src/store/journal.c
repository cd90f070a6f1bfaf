/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The journal of the store: finds the valid half, reads and writes records, and moves them to the
 * other half when one is full. journal.h describes the format.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/logging/log.h>
#include <zephyr/sys/crc.h>

#include "journal.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

#define SLOTS   (JOURNAL_HALF / sizeof(struct record))
/* How many commit records are written. One is enough for a half to be valid, so the loss of one bit
 * does not lose the store. */
#define COMMITS 2

BUILD_ASSERT(sizeof(struct record) == 2 * FLASH_UNIT);
BUILD_ASSERT(FLASH_BLOCK % sizeof(struct record) == 0);

/* The valid half; there is none if its generation is 0. */
static struct {
	uint32_t offset;
	uint32_t generation;
	size_t end;
} half;

static uint32_t crc_of(const struct record *record)
{
	return crc32_ieee((const uint8_t *)record, offsetof(struct record, crc));
}

/* Returns how many bytes at the start of a record say what it is about. */
static size_t key_size(const struct record *record)
{
	switch (record->type) {
	case RECORD_ENTRY:
		return sizeof(record->entry.sequence);
	case RECORD_FLOOR:
		return sizeof(record->floor.name);
	case RECORD_REVOKED:
		return sizeof(record->key);
	default:
		return sizeof(record->bytes);
	}
}

static bool is_of_the_same(const struct record *left, const struct record *right)
{
	return left->type == right->type && memcmp(left->bytes, right->bytes, key_size(left)) == 0;
}

static bool read_slot(uint32_t offset, size_t slot, struct record *record)
{
	return zephyr_wasm_flash_read(offset + slot * sizeof(*record), record, sizeof(*record)) ==
	       0;
}

/* Returns the number of the slot after the last one that is not blank. */
static size_t end_of(uint32_t offset)
{
	size_t slot = SLOTS;

	while (slot > 0 && zephyr_wasm_flash_is_blank(offset + (slot - 1) * sizeof(struct record),
						      sizeof(struct record))) {
		slot--;
	}
	return slot;
}

/* Reads a commit record, of any layout; false if there is none at @p place. */
static bool read_commit(uint32_t place, struct record *record)
{
	return read_slot(place, 0, record) && record->type == RECORD_COMMIT &&
	       record->crc == crc_of(record);
}

/* Whether this image would have written this commit record at this place. */
static bool is_of_this_layout(const struct record *record, uint32_t place)
{
	return place < JOURNAL_SIZE && record->commit.place == place &&
	       record->commit.half == JOURNAL_HALF && record->commit.block == FLASH_BLOCK;
}

int zephyr_wasm_journal_open(void)
{
	struct record record;
	uint32_t end = zephyr_wasm_flash_size();

	memset(&half, 0, sizeof(half));
	/* One of the halves is valid at any time, even while the other one is blank. So the first
	 * commit record in the partition is in a half of the journal, wherever that begins, and not
	 * in a file. */
	for (uint32_t place = 0; place < end; place += sizeof(record)) {
		if (!read_commit(place, &record)) {
			continue;
		}
		if (is_of_this_layout(&record, place)) {
			if (record.commit.generation > half.generation) {
				half.generation = record.commit.generation;
				half.offset = place < JOURNAL_HALF ? 0 : JOURNAL_HALF;
			}
			end = JOURNAL_SIZE;
		} else if (half.generation == 0) {
			LOG_ERR("store: wasm_partition is another image's: set "
				"CONFIG_WASM_STORE_ENTRY_COUNT, _FLOOR_COUNT, "
				"_REVOKED_KEY_COUNT, _BLOCK_SIZE back, or erase it");
			return -ENOTSUP;
		}
	}
	half.end = half.generation == 0 ? 0 : end_of(half.offset);
	return 0;
}

size_t zephyr_wasm_journal_end(void)
{
	return half.end;
}

bool zephyr_wasm_journal_read(size_t slot, struct record *record)
{
	struct record later;

	if (!read_slot(half.offset, slot, record) || record->crc != crc_of(record)) {
		return false;
	}
	while (++slot < half.end) {
		if (read_slot(half.offset, slot, &later) && is_of_the_same(record, &later) &&
		    later.crc == crc_of(&later)) {
			return false;
		}
	}
	return true;
}

static int write_slot(uint32_t offset, size_t slot, struct record *record)
{
	record->crc = crc_of(record);
	return zephyr_wasm_flash_write(offset + slot * sizeof(*record), record, sizeof(*record));
}

/* Whether a record has to be kept when records move. A record of an unknown type is dropped, or it
 * would stay for ever. */
static bool is_kept(const struct record *record, const struct record *latest)
{
	bool is_known = record->type == RECORD_FLOOR || record->type == RECORD_REVOKED ||
			(record->type == RECORD_ENTRY &&
			 IN_RANGE(record->state, RECORD_RECEIVING, RECORD_REMOVING));

	return is_known && !is_of_the_same(record, latest);
}

/* Moves all valid records to the other half, and adds the latest one. */
static int move(struct record *latest)
{
	uint32_t to = half.generation == 0 ? 0 : JOURNAL_HALF - half.offset;
	struct record record;
	size_t count = 0;
	int result = 0;

	for (uint32_t block = 0; block < JOURNAL_HALF && result == 0; block += FLASH_BLOCK) {
		result = zephyr_wasm_flash_clear(to + block);
	}
	for (size_t slot = 0; slot < half.end && result == 0; slot++) {
		if (!zephyr_wasm_journal_read(slot, &record) || !is_kept(&record, latest)) {
			continue;
		}
		if (count + 1 + COMMITS >= SLOTS) {
			LOG_ERR("store: more is known than fits into its journal: was "
				"CONFIG_WASM_STORE_ENTRY_COUNT, _FLOOR_COUNT or "
				"_REVOKED_KEY_COUNT larger?");
			return -ENOSPC;
		}
		result = write_slot(to, count++, &record);
	}
	if (result == 0) {
		result = write_slot(to, count++, latest);
	}
	for (int i = 0; i < COMMITS && result == 0; i++) {
		record = (struct record){
			.type = RECORD_COMMIT,
			.commit = {.generation = half.generation + 1,
				   .place = to + count * sizeof(record),
				   .half = JOURNAL_HALF,
				   .block = FLASH_BLOCK},
		};
		result = write_slot(to, count++, &record);
	}
	if (result == 0) {
		half.offset = to;
		half.generation++;
		half.end = count;
	}
	return result;
}

int zephyr_wasm_journal_write(struct record *record)
{
	if (half.generation == 0 || half.end == SLOTS) {
		return move(record);
	}
	/* Even if writing fails, the slot is not blank any more, so it is not used again. */
	return write_slot(half.offset, half.end++, record);
}
