/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Receives a file into the blocks of its entry. There is one upload at a time.
 */

#include <string.h>

#include <zephyr/kernel.h>

#include "store.h"

/** The current upload. */
static struct {
	struct entry *entry;
	/* How many bytes of the file have been received. The last ones may not be in flash yet, but
	 * in `unit`. */
	size_t received;
	uint8_t unit[FLASH_UNIT];
	int64_t last;
} upload;

static uint32_t place_of(size_t at)
{
	return upload.entry->offset + at;
}

void zephyr_wasm_upload_forget(void)
{
	upload.entry = NULL;
}

/* Finds the entry of a file that was received, completely or in part. */
static struct entry *find(size_t size, const uint8_t *digest)
{
	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if ((entry->state == ENTRY_RECEIVING || entry->state == ENTRY_INSTALLED) &&
		    entry->size == size && zephyr_wasm_entry_has_digest(entry) &&
		    memcmp(entry->digest, digest, sizeof(entry->digest)) == 0) {
			return entry;
		}
	}
	return NULL;
}

/* Finds out how much of a file is in flash for certain, after a loss of power: the blocks before
 * the last one that was written to. That last block is erased, because it is not known how much of
 * it was written. */
static int recover(struct entry *entry)
{
	size_t block = (entry->size - 1) / FLASH_BLOCK;

	while (block > 0 &&
	       zephyr_wasm_flash_is_blank(entry->offset + block * FLASH_BLOCK, FLASH_BLOCK)) {
		block--;
	}
	upload.received = block * FLASH_BLOCK;
	return zephyr_wasm_flash_clear(entry->offset + block * FLASH_BLOCK);
}

/* Whether an entry may be erased for an upload: one that is not installed, or that is only kept to
 * go back to. */
static bool is_spare(const struct entry *entry)
{
	if (entry->state == ENTRY_INSTALLED) {
		const struct entry *current = zephyr_wasm_entry_current(entry->identity.name);

		if (current == entry || !current->confirmed) {
			return false;
		}
	}
	return !zephyr_wasm_entry_is_used(entry);
}

/* Returns the oldest entry that may be erased; NULL if there is none. */
static struct entry *oldest_spare(void)
{
	struct entry *found = NULL;

	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if ((found == NULL || entry->sequence < found->sequence) && is_spare(entry)) {
			found = entry;
		}
	}
	return found;
}

static int make_room(size_t size, char *message)
{
	while (!zephyr_wasm_entry_fits(size, NULL)) {
		struct entry *entry = oldest_spare();

		/* Nothing is erased for a file that would not fit even then. */
		if (entry == NULL || !zephyr_wasm_entry_fits(size, is_spare)) {
			return zephyr_wasm_store_fail(
				message, -ENOSPC,
				"no room for %u bytes, whatever is given up: %u are "
				"free, if not in one piece, and %u apps fit "
				"(wasm_partition, CONFIG_WASM_STORE_ENTRY_COUNT)",
				(unsigned int)size, (unsigned int)zephyr_wasm_entry_free_bytes(),
				CONFIG_WASM_STORE_ENTRY_COUNT);
		}
		if (zephyr_wasm_entry_remove(entry) != 0) {
			return zephyr_wasm_store_fail(message, -EIO, "the flash cannot be erased");
		}
	}
	return 0;
}

static int begin(size_t size, const uint8_t *digest, size_t *received, char *message)
{
	struct entry *entry = find(size, digest);
	int result;

	if (entry != NULL && entry->state == ENTRY_INSTALLED) {
		*received = size;
		if (entry != zephyr_wasm_entry_current(entry->identity.name)) {
			return zephyr_wasm_store_fail(
				message, -EPERM, "%s has this version to go back to: roll it back",
				entry->identity.name);
		}
		return 0;
	}
	if (entry == NULL || entry != upload.entry) {
		if (upload.entry != NULL &&
		    k_uptime_get() - upload.last <
			    CONFIG_WASM_STORE_UPLOAD_SECONDS * MSEC_PER_SEC) {
			return zephyr_wasm_store_fail(
				message, -EBUSY,
				"%u of %u bytes of another app have come, less than %u "
				"seconds ago (CONFIG_WASM_STORE_UPLOAD_SECONDS)",
				(unsigned int)upload.received, (unsigned int)upload.entry->size,
				CONFIG_WASM_STORE_UPLOAD_SECONDS);
		}
		upload.entry = NULL;
		if (entry != NULL && recover(entry) != 0) {
			(void)zephyr_wasm_entry_remove(entry);
			entry = NULL;
		}
		if (entry == NULL) {
			result = make_room(size, message);
			if (result != 0) {
				return result;
			}
			entry = zephyr_wasm_entry_create(size, digest);
			upload.received = 0;
		}
		if (entry == NULL) {
			return zephyr_wasm_store_fail(message, -EIO, "the flash cannot be written");
		}
		upload.entry = entry;
	}
	upload.last = k_uptime_get();
	*received = upload.received;
	return 0;
}

int zephyr_wasm_store_begin(size_t size, const uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE],
			    size_t *received, char *message)
{
	static const uint8_t unknown[ZEPHYR_WASM_DIGEST_SIZE];
	int result;

	if (size == 0) {
		return zephyr_wasm_store_fail(message, -EINVAL, "an empty file");
	}
	result = zephyr_wasm_store_change_begin(message);
	if (result == 0) {
		result = begin(size, digest == NULL ? unknown : digest, received, message);
		zephyr_wasm_store_change_end();
	}
	return result;
}

/* Writes data to flash in whole units, and keeps the rest. Erases each block before its first unit
 * is written. */
static int put(const uint8_t *data, size_t size)
{
	while (size > 0) {
		uint32_t place = place_of(upload.received - upload.received % FLASH_UNIT);
		size_t in_block = FLASH_BLOCK - place % FLASH_BLOCK;
		size_t used = upload.received % FLASH_UNIT;
		size_t part;
		int result = 0;

		if (place % FLASH_BLOCK == 0 && used == 0) {
			result = zephyr_wasm_flash_clear(place);
		}
		if (result == 0 && used == 0 && size >= FLASH_UNIT) {
			part = ROUND_DOWN(MIN(size, in_block), FLASH_UNIT);
			result = zephyr_wasm_flash_write(place, data, part);
		} else if (result == 0) {
			part = MIN(size, FLASH_UNIT - used);
			memcpy(&upload.unit[used], data, part);
			if (used + part == FLASH_UNIT) {
				result = zephyr_wasm_flash_write(place, upload.unit, FLASH_UNIT);
			}
		}
		if (result != 0) {
			return result;
		}
		upload.received += part;
		data += part;
		size -= part;
	}
	return 0;
}

/* Writes the last unit, which is not full. */
static int flush(void)
{
	size_t used = upload.received % FLASH_UNIT;

	if (used == 0) {
		return 0;
	}
	memset(&upload.unit[used], 0, FLASH_UNIT - used);
	return zephyr_wasm_flash_write(place_of(upload.received - used), upload.unit, FLASH_UNIT);
}

static int write(size_t offset, const void *data, size_t size, char *message)
{
	int result;

	if (upload.entry == NULL) {
		return zephyr_wasm_store_fail(message, -ESRCH,
					      "no app is being received; begin at 0");
	}
	if (offset != upload.received) {
		return zephyr_wasm_store_fail(message, -ESPIPE,
					      "%u bytes have come, and this begins at %u",
					      (unsigned int)upload.received, (unsigned int)offset);
	}
	if (size > upload.entry->size - upload.received) {
		return zephyr_wasm_store_fail(message, -EFBIG,
					      "more than the %u bytes that were announced",
					      (unsigned int)upload.entry->size);
	}
	result = put(data, size);
	if (result == 0 && upload.received == upload.entry->size) {
		result = flush();
	}
	if (result != 0) {
		upload.entry = NULL;
		return zephyr_wasm_store_fail(message, -EIO, "the flash cannot be written");
	}
	upload.last = k_uptime_get();
	return upload.received;
}

int zephyr_wasm_store_write(size_t offset, const void *data, size_t size, char *message)
{
	int result = zephyr_wasm_store_change_begin(message);

	if (result == 0) {
		result = write(offset, data, size, message);
		zephyr_wasm_store_change_end();
	}
	return result;
}

struct entry *zephyr_wasm_upload_take(char *message, int *error)
{
	struct entry *entry = upload.entry;

	if (entry == NULL || upload.received != entry->size) {
		*error = zephyr_wasm_store_fail(message, -ESRCH,
						"no app has been received as a whole");
		return NULL;
	}
	upload.entry = NULL;
	return entry;
}
