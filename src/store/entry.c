/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/crc.h>

#include "../internal.h"
#include "../rust.h"
#include "entry.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

#define MAGIC         0x7761736dU
#define HEADER_SIZE   64
/* No store lives so long. */
#define LAST_SEQUENCE INT32_MAX

struct header {
	uint32_t magic;
	uint32_t size;
	uint32_t sequence;
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	uint32_t crc;
};

/** What the mark `installed` says. */
struct installed {
	uint32_t magic;
	uint32_t is_signed;
	uint8_t key[ZEPHYR_WASM_KEY_ID_SIZE];
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	uint32_t crc;
};

BUILD_ASSERT(sizeof(struct header) <= HEADER_SIZE);
BUILD_ASSERT(sizeof(struct installed) <= (MARK_TRIED - MARK_INSTALLED) * FLASH_UNIT);
BUILD_ASSERT(HEADER_SIZE + (MARK_REMOVING + 1) * FLASH_UNIT <= ENTRY_DATA);

static struct entry entries[CONFIG_WASM_STORE_ENTRIES];
static bool mounted;
/* There is more in the partition than there are entries. */
static bool is_crowded;

#define CRC_OF(record) crc32_ieee((const uint8_t *)(record), offsetof(__typeof__(*(record)), crc))

static size_t blocks_of(size_t size)
{
	return DIV_ROUND_UP(ENTRY_DATA + size, FLASH_BLOCK);
}

static uint32_t mark_offset(const struct entry *entry, enum entry_mark mark)
{
	return entry->offset + HEADER_SIZE + mark * FLASH_UNIT;
}

static bool has_mark(const struct entry *entry, enum entry_mark mark)
{
	return !zephyr_wasm_flash_is_blank(mark_offset(entry, mark), FLASH_UNIT);
}

static int write_record(uint32_t offset, const void *record, size_t size, size_t room)
{
	uint8_t bytes[HEADER_SIZE] = {0};

	memcpy(bytes, record, size);
	return zephyr_wasm_flash_write(offset, bytes, room);
}

static struct entry *unused(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		if (entries[i].state == ENTRY_UNUSED) {
			memset(&entries[i], 0, sizeof(entries[i]));
			return &entries[i];
		}
	}
	return NULL;
}

struct entry *entry_next(struct entry *entry)
{
	size_t next = entry == NULL ? 0 : entry - entries + 1;

	while (next < ARRAY_SIZE(entries) && entries[next].state == ENTRY_UNUSED) {
		next++;
	}
	return next < ARRAY_SIZE(entries) ? &entries[next] : NULL;
}

/* The latest installed version of a name that is earlier than a number. */
static struct entry *latest(const char *name, uint32_t before)
{
	struct entry *found = NULL;

	for (struct entry *entry = NULL; (entry = entry_next(entry)) != NULL;) {
		if (entry->state == ENTRY_INSTALLED && entry->sequence < before &&
		    strcmp(entry->identity.name, name) == 0 &&
		    (found == NULL || entry->sequence > found->sequence)) {
			found = entry;
		}
	}
	return found;
}

struct entry *entry_current(const char *name)
{
	return latest(name, UINT32_MAX);
}

struct entry *entry_before(const struct entry *entry)
{
	return latest(entry->identity.name, entry->sequence);
}

struct entry *entry_of(const struct zephyr_wasm_image *image)
{
	struct entry *entry = CONTAINER_OF(image, struct entry, image);

	return entry >= entries && entry < &entries[ARRAY_SIZE(entries)] ? entry : NULL;
}

/* What stands in the way of a run of blocks that begins there; NULL if nothing. */
static struct entry *overlapping(uint32_t offset, size_t blocks)
{
	for (struct entry *entry = NULL; (entry = entry_next(entry)) != NULL;) {
		if (entry->offset < offset + blocks * FLASH_BLOCK &&
		    offset < entry->offset + blocks_of(entry->size) * FLASH_BLOCK) {
			return entry;
		}
	}
	return NULL;
}

/* The first run of free blocks that is long enough; the partition's size if there is none. */
static uint32_t find_room(size_t blocks)
{
	uint32_t offset = 0;

	while (offset + blocks * FLASH_BLOCK <= zephyr_wasm_flash_size()) {
		struct entry *other = overlapping(offset, blocks);

		if (other == NULL) {
			return offset;
		}
		offset = other->offset + blocks_of(other->size) * FLASH_BLOCK;
	}
	return zephyr_wasm_flash_size();
}

bool entry_fits(size_t size)
{
	return !is_crowded && size <= zephyr_wasm_flash_size() && unused() != NULL &&
	       find_room(blocks_of(size)) < zephyr_wasm_flash_size();
}

size_t entry_free_bytes(void)
{
	size_t taken = 0;

	for (struct entry *entry = NULL; (entry = entry_next(entry)) != NULL;) {
		taken += blocks_of(entry->size) * FLASH_BLOCK;
	}
	return zephyr_wasm_flash_size() - taken;
}

struct entry *entry_create(size_t size, const uint8_t *digest)
{
	static uint32_t last;
	struct header header = {.magic = MAGIC, .size = size};
	struct entry *entry = entry_fits(size) ? unused() : NULL;

	if (entry == NULL) {
		return NULL;
	}
	for (struct entry *other = NULL; (other = entry_next(other)) != NULL;) {
		last = MAX(last, other->sequence);
	}
	header.sequence = ++last;
	memcpy(header.digest, digest, sizeof(header.digest));
	header.crc = CRC_OF(&header);

	entry->offset = find_room(blocks_of(size));
	entry->size = size;
	entry->sequence = header.sequence;
	memcpy(entry->digest, digest, sizeof(entry->digest));
	if (zephyr_wasm_flash_clear(entry->offset) != 0 ||
	    write_record(entry->offset, &header, sizeof(header), HEADER_SIZE) != 0) {
		return NULL;
	}
	entry->state = ENTRY_RECEIVING;
	return entry;
}

int entry_mark(struct entry *entry, enum entry_mark mark)
{
	static const uint32_t record = MAGIC;

	if (has_mark(entry, mark)) {
		return 0;
	}
	return write_record(mark_offset(entry, mark), &record, sizeof(record), FLASH_UNIT);
}

int entry_commit(struct entry *entry)
{
	struct installed record = {.magic = MAGIC, .is_signed = entry->is_signed};
	int result;

	memcpy(record.key, entry->key, sizeof(record.key));
	memcpy(record.digest, entry->digest, sizeof(record.digest));
	record.crc = CRC_OF(&record);
	result = write_record(mark_offset(entry, MARK_INSTALLED), &record, sizeof(record),
			      (MARK_TRIED - MARK_INSTALLED) * FLASH_UNIT);
	if (result == 0) {
		entry->state = ENTRY_INSTALLED;
		entry->image.validated = true;
	}
	return result;
}

bool entry_open(struct entry *entry, char *message)
{
	if (entry->image.wasm == NULL) {
		entry->image = (struct zephyr_wasm_image){
			.name = entry->identity.name,
			.wasm = zephyr_wasm_flash_map(entry->offset + ENTRY_DATA, entry->size),
			.size = entry->size,
			.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
		};
	}
	if (entry->image.wasm == NULL) {
		strcpy(message, "no memory for a copy of it (CONFIG_HEAP_MEM_POOL_SIZE)");
		return false;
	}
	return zephyr_wasm_rs_identify(entry->image.wasm, entry->size, &entry->identity, message);
}

bool entry_has_digest(const struct entry *entry)
{
	static const uint8_t unknown[ZEPHYR_WASM_DIGEST_SIZE];

	return memcmp(entry->digest, unknown, sizeof(unknown)) != 0;
}

bool entry_is_intact(struct entry *entry)
{
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];

	zephyr_wasm_rs_digest(entry->image.wasm, entry->size, digest);
	if (!entry_has_digest(entry)) {
		memcpy(entry->digest, digest, sizeof(digest));
	}
	return memcmp(digest, entry->digest, sizeof(digest)) == 0;
}

bool entry_is_used(const struct entry *entry)
{
	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		if (app->image == &entry->image) {
			return true;
		}
	}
	return false;
}

int entry_remove(struct entry *entry)
{
	int result;

	if (entry_is_used(entry)) {
		return -EBUSY;
	}
	result = entry_mark(entry, MARK_REMOVING);
	/* The header last: while it is there, what is left is known to be waste. */
	for (size_t block = blocks_of(entry->size); block > 0 && result == 0; block--) {
		result = zephyr_wasm_flash_clear(entry->offset + (block - 1) * FLASH_BLOCK);
	}
	zephyr_wasm_flash_unmap(entry->image.wasm);
	entry->image.wasm = NULL;
	/* What cannot be erased is not run either. */
	entry->state = result == 0 ? ENTRY_UNUSED : ENTRY_DAMAGED;
	return result;
}

/* Reads what is at a block; false if no entry begins there. */
static bool load(struct entry *entry, uint32_t offset)
{
	struct header header;

	if (zephyr_wasm_flash_read(offset, &header, sizeof(header)) != 0 || header.magic != MAGIC ||
	    header.crc != CRC_OF(&header) || header.size == 0 || header.sequence > LAST_SEQUENCE ||
	    header.size > zephyr_wasm_flash_size() ||
	    offset + blocks_of(header.size) * FLASH_BLOCK > zephyr_wasm_flash_size()) {
		return false;
	}
	*entry = (struct entry){
		.state = ENTRY_RECEIVING,
		.offset = offset,
		.size = header.size,
		.sequence = header.sequence,
	};
	memcpy(entry->digest, header.digest, sizeof(entry->digest));
	return true;
}

/* Reads how far an entry has come; false if it is waste. */
static bool load_marks(struct entry *entry)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	struct installed record;

	if (has_mark(entry, MARK_REMOVING)) {
		return false;
	}
	if (!has_mark(entry, MARK_INSTALLED)) {
		return true;
	}
	if (zephyr_wasm_flash_read(mark_offset(entry, MARK_INSTALLED), &record, sizeof(record)) !=
		    0 ||
	    record.magic != MAGIC || record.crc != CRC_OF(&record)) {
		return false;
	}
	entry->is_signed = record.is_signed != 0;
	memcpy(entry->key, record.key, sizeof(entry->key));
	memcpy(entry->digest, record.digest, sizeof(entry->digest));
	entry->tried = has_mark(entry, MARK_TRIED);
	entry->confirmed = has_mark(entry, MARK_CONFIRMED);
	entry->state = ENTRY_INSTALLED;
	if (!entry_open(entry, message) || !entry_is_intact(entry)) {
		LOG_ERR("store: %s is not what was installed any more, and does not run",
			entry->identity.name);
		entry->state = ENTRY_DAMAGED;
	}
	entry->image.validated = true;
	return true;
}

int entry_mount(void)
{
	uint32_t offset = 0;
	int result = zephyr_wasm_flash_open();

	if (result != 0 || mounted) {
		return result;
	}
	mounted = true;
	while (offset < zephyr_wasm_flash_size()) {
		struct entry *entry = unused();
		struct entry crowded;

		if (!load(entry == NULL ? &crowded : entry, offset)) {
			offset += FLASH_BLOCK;
			continue;
		}
		if (entry == NULL) {
			LOG_ERR("store: more is installed than CONFIG_WASM_STORE_ENTRIES");
			is_crowded = true;
			offset += blocks_of(crowded.size) * FLASH_BLOCK;
			continue;
		}
		offset += blocks_of(entry->size) * FLASH_BLOCK;
		if (!load_marks(entry)) {
			result = entry_remove(entry);
		}
	}
	return result;
}

void entry_unmount(void)
{
	for (struct entry *entry = NULL; (entry = entry_next(entry)) != NULL;) {
		zephyr_wasm_flash_unmap(entry->image.wasm);
	}
	memset(entries, 0, sizeof(entries));
	mounted = false;
	is_crowded = false;
}
