/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The files that are installed, and how.
 */

#include <string.h>

#include <zephyr/sys/crc.h>

#include "core/slots.h"
#include "store/store.h"
#include "zephyr_wasm_declared.h"

#include "common.h"

static const uint8_t steady_1_bytes[] = {
#include "steady_1.inc"
};
static const uint8_t steady_2_bytes[] = {
#include "steady_2.inc"
};
static const uint8_t steady_3_bytes[] = {
#include "steady_3.inc"
};
#ifdef TEST_HAS_CODE
static const uint8_t steady_code_bytes[] = {
#include "steady_code.inc"
};
const struct file steady_code = {steady_code_bytes, sizeof(steady_code_bytes)};
#endif
static const uint8_t steady_bad_bytes[] = {
#include "steady_bad.inc"
};
static const uint8_t steady_done_bytes[] = {
#include "steady_done.inc"
};
static const uint8_t steady_polite_bytes[] = {
#include "steady_polite.inc"
};
static const uint8_t other_1_bytes[] = {
#include "other_1.inc"
};
static const uint8_t other_2_bytes[] = {
#include "other_2.inc"
};
static const uint8_t unsigned_bytes[] = {
#include "unsigned.inc"
};
static const uint8_t foreign_bytes[] = {
#include "foreign.inc"
};
static const uint8_t invalid_bytes[] = {
#include "invalid.inc"
};
static const uint8_t missing_bytes[] = {
#include "missing.inc"
};
static const uint8_t greedy_bytes[] = {
#include "greedy.inc"
};
static const uint8_t atlas_bytes[] = {
#include "atlas.inc"
};
static const uint8_t factory_0_bytes[] = {
#include "factory_0.inc"
};
static const uint8_t factory_2_bytes[] = {
#include "factory_2.inc"
};

const struct file steady_1 = {steady_1_bytes, sizeof(steady_1_bytes)};
const struct file steady_2 = {steady_2_bytes, sizeof(steady_2_bytes)};
const struct file steady_3 = {steady_3_bytes, sizeof(steady_3_bytes)};
const struct file steady_bad = {steady_bad_bytes, sizeof(steady_bad_bytes)};
const struct file steady_done = {steady_done_bytes, sizeof(steady_done_bytes)};
const struct file steady_polite = {steady_polite_bytes, sizeof(steady_polite_bytes)};
const struct file other_1 = {other_1_bytes, sizeof(other_1_bytes)};
const struct file other_2 = {other_2_bytes, sizeof(other_2_bytes)};
const struct file unsigned_app = {unsigned_bytes, sizeof(unsigned_bytes)};
const struct file foreign = {foreign_bytes, sizeof(foreign_bytes)};
const struct file invalid = {invalid_bytes, sizeof(invalid_bytes)};
const struct file missing = {missing_bytes, sizeof(missing_bytes)};
const struct file greedy = {greedy_bytes, sizeof(greedy_bytes)};
const struct file atlas = {atlas_bytes, sizeof(atlas_bytes)};
const struct file factory_0 = {factory_0_bytes, sizeof(factory_0_bytes)};
const struct file factory_2 = {factory_2_bytes, sizeof(factory_2_bytes)};

char message[ZEPHYR_WASM_MESSAGE_SIZE];

void put_record(uint8_t *to, struct record record)
{
	record.crc = crc32_ieee((const uint8_t *)&record, offsetof(struct record, crc));
	memcpy(to, &record, sizeof(record));
}

struct record commit_at(uint32_t place, uint32_t generation)
{
	return (struct record){
		.type = RECORD_COMMIT,
		.commit = {.generation = generation,
			   .place = place,
			   .half = JOURNAL_HALF,
			   .block = FLASH_BLOCK},
	};
}

void fill_journal(void)
{
	/* Of something that is gone, which is left out as the records move. */
	struct record record = {
		.type = RECORD_ENTRY,
		.state = RECORD_GONE,
		.entry = {.sequence = 1000, .offset = JOURNAL_SIZE, .size = 1},
	};

	while (zephyr_wasm_journal_end() < JOURNAL_HALF / sizeof(struct record)) {
		zassert_ok(zephyr_wasm_journal_write(&record));
	}
}

int receive(const struct file *file, size_t part, size_t most)
{
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	size_t received;
	int result;

	zephyr_wasm_rs_digest(file->bytes, file->size, digest);
	result = zephyr_wasm_store_begin(file->size, digest, &received, message);
	while (result >= 0 && received < MIN(most, file->size)) {
		size_t size = MIN(part, MIN(most, file->size) - received);

		result = zephyr_wasm_store_write(received, &file->bytes[received], size, message);
		received += size;
	}
	return MIN(result, 0);
}

int install(const struct file *file)
{
	struct zephyr_wasm_identity identity;
	int result = receive(file, 100, SIZE_MAX);

	return result == 0 ? zephyr_wasm_store_install(&identity, message) : result;
}

void run(const struct file *file)
{
	struct zephyr_wasm_identity identity;

	zassert_ok(receive(file, 100, SIZE_MAX), "%s", message);
	zassert_ok(zephyr_wasm_store_install(&identity, message), "%s", message);
	zassert_ok(zephyr_wasm_store_start(identity.name, message), "%s", message);
}

void reboot(void)
{
	struct zephyr_wasm_app *app;

	/* Nothing is taken back in the middle of it. */
	zephyr_wasm_store_lock();
	while ((app = zephyr_wasm_next(NULL)) != NULL) {
		(void)zephyr_wasm_kill(app);
		(void)zephyr_wasm_wait(app, K_FOREVER, NULL);
		zassert_ok(zephyr_wasm_release(app));
	}
	flash_cut_after(-1);
	zephyr_wasm_entry_unmount();
	zephyr_wasm_upload_forget();
	zephyr_wasm_store_change_end();
}

void wipe(void)
{
	reboot();
	memset(flash_bytes, 0xff, sizeof(flash_bytes));
}

int version_of(const char *name)
{
	struct zephyr_wasm_store_info info;

	for (size_t i = 0; zephyr_wasm_store_info(i, &info) == 0; i++) {
		if (strcmp(info.identity.name, name) == 0 &&
		    (info.state == ZEPHYR_WASM_STORE_CURRENT ||
		     info.state == ZEPHYR_WASM_STORE_ON_TRIAL)) {
			return info.identity.version[0] * 10 + info.identity.version[1];
		}
	}
	return -1;
}

enum zephyr_wasm_store_state state_of(const char *name)
{
	struct entry *entry = zephyr_wasm_entry_current(name);
	struct zephyr_wasm_store_info info;

	for (size_t i = 0; entry != NULL && zephyr_wasm_store_info(i, &info) == 0; i++) {
		if (memcmp(info.digest, entry->digest, sizeof(info.digest)) == 0) {
			return info.state;
		}
	}
	return 0;
}

bool runs(const char *name)
{
	struct zephyr_wasm_app *app = zephyr_wasm_find(name);
	struct zephyr_wasm_status status;

	return app != NULL && zephyr_wasm_status(app, &status) == 0 &&
	       (status.state == ZEPHYR_WASM_STATE_RUNNING ||
		status.state == ZEPHYR_WASM_STATE_STARTING);
}
