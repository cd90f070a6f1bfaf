/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The versions of apps in the store, as a table in RAM. It is filled from the journal when the
 * store is mounted, and each change is written to the journal.
 */

#include <string.h>

#include <zephyr/devicetree.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include <zephyr_wasm/store.h>

#include "core/app.h"
#include "core/slots.h"
#include "journal.h"
#include "store.h"
#include "zephyr_wasm_declared.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* The largest sequence number. Flash wears out long before that many apps are installed. */
#define LAST_SEQUENCE INT32_MAX

BUILD_ASSERT(DT_REG_SIZE(DT_NODELABEL(wasm_partition)) >= JOURNAL_SIZE + FLASH_BLOCK,
	     "wasm_partition has room for the journal of the store, and for no app "
	     "(CONFIG_WASM_STORE_ENTRY_COUNT, CONFIG_WASM_STORE_BLOCK_SIZE)");

static struct entry entries[CONFIG_WASM_STORE_ENTRY_COUNT];
static bool mounted;
/* The journal has more versions than this image has entries. */
static bool is_crowded;
/* The last `sequence` that an entry was given. */
static uint32_t last_sequence;

static size_t blocks_of(size_t size)
{
	return DIV_ROUND_UP(size, FLASH_BLOCK);
}

/* Writes a record of an entry to the journal. */
static int save(const struct entry *entry, enum record_state state)
{
	struct record record = {
		.type = RECORD_ENTRY,
		.state = state,
		.flags = (entry->is_signed ? RECORD_IS_SIGNED : 0) |
			 (entry->tried ? RECORD_IS_TRIED : 0) |
			 (entry->confirmed ? RECORD_IS_CONFIRMED : 0),
		.entry = {.sequence = entry->sequence,
			  .offset = entry->offset,
			  .size = entry->size},
	};

	memcpy(record.entry.digest, entry->digest, sizeof(entry->digest));
	memcpy(record.entry.key, entry->key, sizeof(entry->key));
	return zephyr_wasm_journal_write(&record);
}

static struct entry *unused(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		if (entries[i].state == ENTRY_UNUSED) {
			/* In one step, and with a name: another thread may be about to show that of
			 * the version before. */
			k_sched_lock();
			memset(&entries[i], 0, sizeof(entries[i]));
			entries[i].image.name = entries[i].identity.name;
			k_sched_unlock();
			return &entries[i];
		}
	}
	return NULL;
}

struct entry *zephyr_wasm_entry_next(struct entry *entry)
{
	size_t next = entry == NULL ? 0 : entry - entries + 1;

	while (next < ARRAY_SIZE(entries) && entries[next].state == ENTRY_UNUSED) {
		next++;
	}
	return next < ARRAY_SIZE(entries) ? &entries[next] : NULL;
}

/* Returns the latest installed version of a name whose sequence number is below @p before. */
static struct entry *latest(const char *name, uint32_t before)
{
	struct entry *found = NULL;

	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (entry->state == ENTRY_INSTALLED && entry->sequence < before &&
		    strcmp(entry->identity.name, name) == 0 &&
		    (found == NULL || entry->sequence > found->sequence)) {
			found = entry;
		}
	}
	return found;
}

struct entry *zephyr_wasm_entry_current(const char *name)
{
	return latest(name, UINT32_MAX);
}

struct entry *zephyr_wasm_entry_before(const struct entry *entry)
{
	return latest(entry->identity.name, entry->sequence);
}

struct entry *zephyr_wasm_entry_of(const struct zephyr_wasm_image *image)
{
	/* An entry is found by the address of its bytes and by its sequence number. So a copy of an
	 * image has the same entry, and is checked like it, unless the bytes belong to another
	 * entry by now. */
	for (size_t i = 0; image->wasm != NULL && i < ARRAY_SIZE(entries); i++) {
		if (entries[i].image.wasm == image->wasm &&
		    entries[i].image.stored == image->stored) {
			return &entries[i];
		}
	}
	return NULL;
}

static bool do_overlap(const struct entry *entry, uint32_t offset, size_t blocks)
{
	return entry->offset < offset + blocks * FLASH_BLOCK &&
	       offset < entry->offset + blocks_of(entry->size) * FLASH_BLOCK;
}

/* Whether an entry may be erased to make room for another. */
static bool is_given_up(const struct entry *entry, entry_test_t spare)
{
	return spare != NULL && spare(entry);
}

/* Returns an entry that overlaps a run of blocks from @p offset on; NULL if there is none. */
static struct entry *overlapping(uint32_t offset, size_t blocks, entry_test_t spare)
{
	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (do_overlap(entry, offset, blocks) && !is_given_up(entry, spare)) {
			return entry;
		}
	}
	return NULL;
}

/* Returns the offset of the first run of free blocks that is long enough; the partition's size if
 * there is none. */
static uint32_t find_room(size_t blocks, entry_test_t spare)
{
	uint32_t offset = JOURNAL_SIZE;

	while (offset + blocks * FLASH_BLOCK <= zephyr_wasm_flash_size()) {
		struct entry *other = overlapping(offset, blocks, spare);

		if (other == NULL) {
			return offset;
		}
		offset = other->offset + blocks_of(other->size) * FLASH_BLOCK;
	}
	return zephyr_wasm_flash_size();
}

/* Whether there is a free entry, or one that may be erased. */
static bool has_place(entry_test_t spare)
{
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		if (entries[i].state == ENTRY_UNUSED || is_given_up(&entries[i], spare)) {
			return true;
		}
	}
	return false;
}

bool zephyr_wasm_entry_fits(size_t size, entry_test_t spare)
{
	return !is_crowded && size <= zephyr_wasm_flash_size() && has_place(spare) &&
	       find_room(blocks_of(size), spare) < zephyr_wasm_flash_size();
}

size_t zephyr_wasm_entry_free_bytes(void)
{
	size_t taken = 0;

	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		taken += blocks_of(entry->size) * FLASH_BLOCK;
	}
	return zephyr_wasm_flash_size() - JOURNAL_SIZE - taken;
}

struct entry *zephyr_wasm_entry_create(size_t size, const uint8_t *digest)
{
	struct entry *entry = zephyr_wasm_entry_fits(size, NULL) ? unused() : NULL;

	if (entry == NULL || last_sequence == LAST_SEQUENCE) {
		return NULL;
	}
	entry->offset = find_room(blocks_of(size), NULL);
	entry->size = size;
	entry->sequence = ++last_sequence;
	memcpy(entry->digest, digest, sizeof(entry->digest));
	if (save(entry, RECORD_RECEIVING) != 0) {
		return NULL;
	}
	entry->state = ENTRY_RECEIVING;
	return entry;
}

int zephyr_wasm_entry_try(struct entry *entry)
{
	if (entry->tried) {
		return 0;
	}
	/* The version is on trial, even if the flash cannot be written. */
	entry->tried = true;
	return save(entry, RECORD_INSTALLED);
}

int zephyr_wasm_entry_confirm(struct entry *entry)
{
	int result;

	if (entry->confirmed) {
		return 0;
	}
	entry->confirmed = true;
	result = save(entry, RECORD_INSTALLED);
	entry->confirmed = result == 0;
	return result;
}

int zephyr_wasm_entry_commit(struct entry *entry)
{
	int result = save(entry, RECORD_INSTALLED);

	if (result == 0) {
		entry->state = ENTRY_INSTALLED;
		entry->image.validated = true;
	}
	return result;
}

bool zephyr_wasm_entry_open(struct entry *entry, char *message)
{
	if (entry->image.wasm == NULL) {
		const uint8_t *bytes = zephyr_wasm_flash_map(entry->offset, entry->size);

		/* In one step, as in unused(). */
		k_sched_lock();
		entry->image = (struct zephyr_wasm_image){
			.name = entry->identity.name,
			.wasm = bytes,
			.size = entry->size,
			.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
			.stored = entry->sequence,
		};
		k_sched_unlock();
	}
	if (entry->image.wasm == NULL) {
		strcpy(message, "no memory for a copy of it (CONFIG_HEAP_MEM_POOL_SIZE)");
		return false;
	}
	return zephyr_wasm_rs_identify(entry->image.wasm, entry->size, &entry->identity, message);
}

bool zephyr_wasm_entry_has_digest(const struct entry *entry)
{
	static const uint8_t unknown[ZEPHYR_WASM_DIGEST_SIZE];

	return memcmp(entry->digest, unknown, sizeof(unknown)) != 0;
}

bool zephyr_wasm_entry_is_intact(struct entry *entry)
{
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];

	zephyr_wasm_rs_digest(entry->image.wasm, entry->size, digest);
	if (!zephyr_wasm_entry_has_digest(entry)) {
		memcpy(entry->digest, digest, sizeof(digest));
	}
	return memcmp(digest, entry->digest, sizeof(digest)) == 0;
}

bool zephyr_wasm_entry_is_used(const struct entry *entry)
{
	bool is_used = false;

	k_sched_lock();
	for (size_t i = 0; i < ARRAY_SIZE(zephyr_wasm_apps); i++) {
		const struct zephyr_wasm_app *app = &zephyr_wasm_apps[i];

		/* Includes an app that is about to be started, and that other threads do not see
		 * yet. */
		is_used |= (app->loaded || app->preparing) &&
			   zephyr_wasm_entry_of(app->image) == entry;
	}
	k_sched_unlock();
	return is_used;
}

/* Erases the blocks of an entry. The journal says already that the entry is being removed. */
static int erase(struct entry *entry)
{
	int result = 0;

	for (size_t block = 0; block < blocks_of(entry->size) && result == 0; block++) {
		result = zephyr_wasm_flash_clear(entry->offset + block * FLASH_BLOCK);
	}
	if (result == 0) {
		result = save(entry, RECORD_GONE);
	}
	/* A version that cannot be erased is not run either. */
	entry->state = result == 0 ? ENTRY_UNUSED : ENTRY_DAMAGED;
	return result;
}

/* Withdraws the image of an entry, so that no thread that has it can start it any more. Returns
 * false if an app uses it. Without this, the image would still count as checked while its blocks
 * are erased and written with another file. */
static bool withdraw(struct entry *entry)
{
	const uint8_t *bytes = entry->image.wasm;
	bool is_used;

	k_sched_lock();
	is_used = zephyr_wasm_entry_is_used(entry);
	if (!is_used) {
		entry->state = ENTRY_REMOVING;
		entry->image.wasm = NULL;
		entry->image.validated = false;
	}
	k_sched_unlock();
	if (!is_used) {
		zephyr_wasm_flash_unmap(bytes);
	}
	return !is_used;
}

int zephyr_wasm_entry_remove(struct entry *entry)
{
	int result;

	if (!withdraw(entry)) {
		return -EBUSY;
	}
	result = save(entry, RECORD_REMOVING);
	if (result != 0) {
		entry->state = ENTRY_DAMAGED;
		return result;
	}
	return erase(entry);
}

/* Whether the numbers in the record of an entry are possible. */
static bool is_possible(const struct record *record)
{
	size_t end = zephyr_wasm_flash_size();
	uint32_t offset = record->entry.offset;
	uint32_t size = record->entry.size;

	return record->entry.sequence <= LAST_SEQUENCE && size > 0 && size <= end &&
	       offset >= JOURNAL_SIZE && offset < end && offset % FLASH_BLOCK == 0 &&
	       blocks_of(size) * FLASH_BLOCK <= end - offset;
}

/* Creates an entry for each version in the journal. */
static void load(void)
{
	struct record record;

	for (size_t slot = 0; slot < zephyr_wasm_journal_end(); slot++) {
		struct entry *entry;

		if (!zephyr_wasm_journal_read(slot, &record) || record.type != RECORD_ENTRY ||
		    !is_possible(&record)) {
			continue;
		}
		last_sequence = MAX(last_sequence, record.entry.sequence);
		if (!IN_RANGE(record.state, RECORD_RECEIVING, RECORD_REMOVING)) {
			continue;
		}
		entry = unused();
		if (entry == NULL) {
			LOG_ERR("store: more is installed than CONFIG_WASM_STORE_ENTRY_COUNT");
			is_crowded = true;
			return;
		}
		entry->offset = record.entry.offset;
		entry->size = record.entry.size;
		entry->sequence = record.entry.sequence;
		entry->is_signed = (record.flags & RECORD_IS_SIGNED) != 0;
		entry->tried = (record.flags & RECORD_IS_TRIED) != 0;
		entry->confirmed = (record.flags & RECORD_IS_CONFIRMED) != 0;
		memcpy(entry->digest, record.entry.digest, sizeof(entry->digest));
		memcpy(entry->key, record.entry.key, sizeof(entry->key));
		entry->state = record.state == RECORD_INSTALLED  ? ENTRY_INSTALLED
			       : record.state == RECORD_REMOVING ? ENTRY_REMOVING
								 : ENTRY_RECEIVING;
	}
}

/* Whether a later entry has blocks of this one. Then the record that this one was removed has been
 * lost. */
static bool is_overwritten(const struct entry *entry)
{
	for (struct entry *other = NULL; (other = zephyr_wasm_entry_next(other)) != NULL;) {
		if (other->sequence > entry->sequence &&
		    do_overlap(other, entry->offset, blocks_of(entry->size))) {
			return true;
		}
	}
	return false;
}

/* Checks whether the file of an installed version has lost a bit. Before it runs, the version is
 * checked as thoroughly as when it was installed. */
static void look_at(struct entry *entry)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];

	if (!zephyr_wasm_entry_open(entry, message) || !zephyr_wasm_entry_is_intact(entry)) {
		LOG_ERR("store: %s is not what was installed any more, and does not run",
			entry->identity.name);
		entry->state = ENTRY_DAMAGED;
	}
}

int zephyr_wasm_entry_mount(void)
{
	int result = zephyr_wasm_flash_open();

	if (result != 0 || mounted) {
		return result;
	}
	result = zephyr_wasm_journal_open();
	if (result != 0) {
		return result;
	}
	mounted = true;
	zephyr_wasm_trust_load();
	load();
	/* If the flash cannot be written, the rest is done after the next start of the board. */
	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (is_overwritten(entry)) {
			(void)save(entry, RECORD_GONE);
			entry->state = ENTRY_UNUSED;
		}
	}
	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (entry->state == ENTRY_INSTALLED) {
			look_at(entry);
		} else if (entry->state == ENTRY_REMOVING && is_crowded) {
			/* A version for which there is no entry may have its blocks. */
			entry->state = ENTRY_DAMAGED;
		} else if (entry->state == ENTRY_REMOVING) {
			(void)erase(entry);
		}
	}
	return 0;
}

void zephyr_wasm_entry_unmount(void)
{
	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		zephyr_wasm_flash_unmap(entry->image.wasm);
	}
	memset(entries, 0, sizeof(entries));
	mounted = false;
	is_crowded = false;
	last_sequence = 0;
}
