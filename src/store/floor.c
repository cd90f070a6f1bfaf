/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The floor of each app: the oldest version that may be installed. A version that has passed its
 * trial, or was erased by name, raises the floor, so that nothing older can follow. Floors stay in
 * the journal when the app is gone.
 */

#include <string.h>

#include "journal.h"
#include "store.h"

/* Finds the floor of a name; false if it has none. Then @p count is how many floors other names
 * have. */
static bool find(const char *name, struct record *record, size_t *count)
{
	*count = 0;
	for (size_t slot = 0; slot < zephyr_wasm_journal_end(); slot++) {
		if (!zephyr_wasm_journal_read(slot, record) || record->type != RECORD_FLOOR) {
			continue;
		}
		if (strncmp(record->floor.name, name, sizeof(record->floor.name)) == 0) {
			return true;
		}
		++*count;
	}
	return false;
}

int zephyr_wasm_floor_compare(const uint16_t *left, const uint16_t *right)
{
	for (size_t i = 0; i < 3; i++) {
		if (left[i] != right[i]) {
			return left[i] < right[i] ? -1 : 1;
		}
	}
	return 0;
}

bool zephyr_wasm_floor_of(const char *name, uint16_t version[3])
{
	struct record record;
	size_t count;
	bool found = find(name, &record, &count);

	if (found) {
		memcpy(version, record.floor.version, sizeof(record.floor.version));
	}
	return found;
}

int zephyr_wasm_floor_raise(const char *name, const uint16_t version[3])
{
	struct record record;
	size_t count;

	if (IS_ENABLED(CONFIG_WASM_STORE_DOWNGRADE)) {
		return 0;
	}
	if (find(name, &record, &count)) {
		if (zephyr_wasm_floor_compare(version, record.floor.version) <= 0) {
			return 0;
		}
	} else if (count >= CONFIG_WASM_STORE_FLOOR_COUNT) {
		return -ENOSPC;
	}
	record = (struct record){.type = RECORD_FLOOR};
	strncpy(record.floor.name, name, sizeof(record.floor.name) - 1);
	memcpy(record.floor.version, version, sizeof(record.floor.version));
	return zephyr_wasm_journal_write(&record);
}
