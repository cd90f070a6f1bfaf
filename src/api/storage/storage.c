/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * zephyr:storage over Zephyr's settings, whose backend (ZMS, NVS, a file) writes a value whole or
 * not at all. A key is `w/<app>/<key>`.
 */

#include <ctype.h>
#include <string.h>

#include <zephyr/drivers/flash.h>
#include <zephyr/kernel.h>
#include <zephyr/settings/settings.h>
#include <zephyr/sys/util.h>
#if defined(CONFIG_SETTINGS_ZMS)
#include <zephyr/sys/hash_function.h>
#if __has_include(<zephyr/kvss/zms.h>)
#include <zephyr/kvss/zms.h>
#else
#include <zephyr/fs/zms.h>
#endif
#elif defined(CONFIG_SETTINGS_NVS)
#if __has_include(<zephyr/kvss/nvs.h>)
#include <zephyr/kvss/nvs.h>
#else
#include <zephyr/fs/nvs.h>
#endif
#endif

#include <zephyr_wasm/store.h>

#include "api/writes.h"
#include "core/app.h"
#include "core/locks.h"
#include "core/mark.h"
#include "core/text.h"
#include "core/thread.h"
#include "core/wall.h"
#include "storage.h"
#include "zephyr_wasm_declared.h"
#include "zephyr_wasm_manifest.h"

#define PREFIX   "w/"
#define KEY_SIZE ZEPHYR_WASM_STORAGE_KEY_SIZE
/* Zephyr's settings take no bytes for a deletion: a byte below this stands for a value that has
 * none. If there is one below both, power was lost between two writes, and that below the prefix is
 * the one that counts.
 */
#define NO_BYTES 'W'

BUILD_ASSERT(sizeof(PREFIX) - 1 + ZEPHYR_WASM_NAME_SIZE + KEY_SIZE <= SETTINGS_MAX_NAME_LEN + 1);
BUILD_ASSERT(!IS_ENABLED(CONFIG_SETTINGS_ZMS_NO_LL_DELETE),
	     "an app that stores and removes one key after the other would fill the flash of "
	     "all with what is left of them: set CONFIG_SETTINGS_ZMS_NO_LL_DELETE=n");
/* With all names in its cache, NVS gives a new one the number behind the last, and looks at each
 * number up to that whenever anybody's setting is looked for. */
BUILD_ASSERT(!IS_ENABLED(CONFIG_SETTINGS_NVS_NAME_CACHE),
	     "an app that stores and removes one key after the other would use up the numbers of "
	     "all, and each look-up take longer: set CONFIG_SETTINGS_NVS_NAME_CACHE=n");

/* One app at a time: the quota is of what there is. */
static K_MUTEX_DEFINE(lock);

ZEPHYR_WASM_LOCKS_DEFINE(storage_locks, &lock, 1);

static int init(void)
{
	static bool ready;
	int result = ready ? 0 : settings_subsys_init();

	ready = result == 0;
	return result;
}

/* As wit/storage.wit has them: none of these means anything in a path of Zephyr's settings. */
static bool is_key(const char *key, size_t length)
{
	size_t good = 0;

	while (good < MIN(length, KEY_SIZE) &&
	       (isalnum((unsigned char)key[good]) != 0 || key[good] == '-' || key[good] == '_' ||
		key[good] == '.')) {
		good++;
	}
	return length > 0 && good == length;
}

/* The directory of the calling app, and a key in it if there is one; false if that is no key. */
static bool path_of(char path[SETTINGS_MAX_NAME_LEN + 1], const char *key, size_t length)
{
	const struct zephyr_wasm_app *app = zephyr_wasm_current();
	size_t used = sizeof(PREFIX) - 1;
	size_t name = app == NULL ? 0 : MIN(strlen(app->image->name), ZEPHYR_WASM_NAME_SIZE - 1);

	memcpy(path, PREFIX, used);
	if (app != NULL) {
		memcpy(&path[used], app->image->name, name);
	}
	used += name;
	path[used] = '\0';
	if (key == NULL) {
		return true;
	}
	path[used++] = '/';
	return is_key(key, length) && zephyr_wasm_copy_text(&path[used], KEY_SIZE, key, length);
}

/* To Zephyr's settings, a name ends at this: what is stored below it would not be found again, nor
 * be counted. A program in a file is called as its file is. */
static bool has_directory(void)
{
	const struct zephyr_wasm_app *app = zephyr_wasm_current();

	return app == NULL || strchr(app->image->name, SETTINGS_NAME_END) == NULL;
}

static int32_t begin(char *path, const char *key, size_t length)
{
	zephyr_wasm_hurry_current();
	k_mutex_lock(&lock, K_FOREVER);
	if (!path_of(path, key, length) || !has_directory()) {
		return FAILURE_INVALID;
	}
	return init() == 0 ? 0 : FAILURE_IO;
}

static struct zephyr_wasm_writes writes = {
	.setting = ZEPHYR_WASM_KEY_STORAGE_WRITES,
	.an_hour = CONFIG_WASM_STORAGE_WRITES_PER_HOUR,
	.at_once = CONFIG_WASM_STORAGE_WRITES_AT_ONCE,
};

static int32_t end(int32_t result)
{
	k_mutex_unlock(&lock);
	return result;
}

struct value {
	uint8_t *bytes;
	size_t room;
	int32_t size;
};

static int read_value(const char *key, size_t size, settings_read_cb read, void *context,
		      void *into)
{
	struct value *value = into;

	if (key != NULL && key[0] != '\0') {
		/* A value of another key, which begins with this one and a slash. */
		return 0;
	}
	value->size = value->room == 0 ? 0 : read(context, value->bytes, MIN(size, value->room));
	return 0;
}

/* Loads what is below a path, with bytes or without. */
static int load(char *path, bool empty, settings_load_direct_cb take, void *into)
{
	path[0] = empty ? NO_BYTES : PREFIX[0];
	return settings_load_subtree_direct(path, take, into) == 0 ? 0 : FAILURE_IO;
}

/* What there is of a key: the size of its value, 0 for one of no bytes, and FAILURE_UNKNOWN. */
struct found {
	int32_t size;
	int32_t empty;
};

static int32_t look_up(char *path, uint8_t *bytes, size_t room, struct found *found)
{
	struct value value = {.bytes = bytes, .room = room, .size = FAILURE_UNKNOWN};
	struct value empty = {.size = FAILURE_UNKNOWN};
	int32_t result = load(path, false, read_value, &value);

	if (result == 0) {
		result = load(path, true, read_value, &empty);
	}
	*found = (struct found){value.size, empty.size};
	return result;
}

static int delete(char *path, bool empty)
{
	path[0] = empty ? NO_BYTES : PREFIX[0];
	return settings_delete(path);
}

/* Saves a value whole, and takes back what stood for another one after that. */
static int save(char *path, const uint8_t *bytes, size_t size, const struct found *old)
{
	int result = 0;

	if (size > 0) {
		path[0] = PREFIX[0];
		result = settings_save_one(path, bytes, size);
		return result == 0 && old->empty == 0 ? delete(path, true) : result;
	}
	if (old->empty != 0) {
		path[0] = NO_BYTES;
		result = settings_save_one(path, "", 1);
	}
	return result == 0 && old->size != FAILURE_UNKNOWN ? delete(path, false) : result;
}

/** The room that every value fits. */
uint32_t zephyr_wasm_storage_size(void)
{
	return CONFIG_WASM_STORAGE_VALUE_SIZE;
}

/** Returns the size of the value, or FAILURE_UNKNOWN. */
int32_t zephyr_wasm_storage_load(const char *key, size_t length, uint8_t *bytes, size_t room)
{
	char path[SETTINGS_MAX_NAME_LEN + 1];
	struct found found;
	int32_t result = begin(path, key, length);

	if (result == 0) {
		result = look_up(path, bytes, room, &found);
	}
	if (result == 0) {
		result = found.size == FAILURE_UNKNOWN ? found.empty : found.size;
	}
	return end(result);
}

struct sum {
	/* The app, and the key that is to be made, which does not count. */
	const char *app;
	size_t app_length;
	const char *without;
	size_t length;
	/* What that key has already, or FAILURE_UNKNOWN. */
	int32_t had;
	size_t bytes;
	size_t keys;
	bool empty;
	/* What all apps have in flash, and may have; what is written there at once. */
	size_t taken;
	size_t room;
	size_t unit;
#ifdef CONFIG_SETTINGS_ZMS
	/* The directory; what ZMS finds the name by that is to be made; how many others it finds
	 * by that. */
	char *path;
	uint32_t hash;
	size_t alike;
#endif
};

#ifdef CONFIG_SETTINGS_ZMS
/* ZMS finds a name by a part of its hash, and has places for 16 names of one by default, whosever
 * they are: an app that had them all would keep another, or the firmware, from a name of theirs.
 * Chance hardly ever gives an app three. */
#define MOST_ALIKE   2
#define PART_OF_HASH GENMASK(29, CONFIG_SETTINGS_ZMS_MAX_COLLISIONS_BITS + 1)

static uint32_t hash_of(char *path, bool empty)
{
	path[0] = empty ? NO_BYTES : PREFIX[0];
	return sys_hash32(path, strlen(path)) & PART_OF_HASH;
}

/* Has those counted that are found by the same as a key with bytes, or one without. The path is the
 * directory's after that. */
static void begin_alike(struct sum *sum, char *path, bool empty)
{
	if (path_of(path, sum->without, sum->length)) {
		sum->hash = hash_of(path, empty);
	}
	(void)path_of(path, NULL, 0);
	sum->path = path;
}

static void count_alike(struct sum *sum, const char *key)
{
	size_t used = strlen(sum->path);
	uint32_t hash;

	if (strlen(key) >= KEY_SIZE) {
		return;
	}
	sum->path[used] = '/';
	strcpy(&sum->path[used + 1], key);
	hash = hash_of(sum->path, sum->empty);
	sum->path[used] = '\0';
	sum->alike += hash == sum->hash;
}

/* A key that has bytes has another name than one that has none. */
static bool is_one_too_many(const struct sum *sum, const struct found *old, bool empty)
{
	return (empty ? old->empty : old->size) == FAILURE_UNKNOWN && sum->alike >= MOST_ALIKE;
}
#else
#define begin_alike(sum, path, empty)
#define count_alike(sum, key)
#define is_one_too_many(sum, old, empty) false
#endif

/* What a backend has of a setting beside its name and its value. */
#if defined(CONFIG_SETTINGS_ZMS)
#define BACKEND    struct zms_fs
#define ENTRIES    3
#define ENTRY_SIZE 16
#elif defined(CONFIG_SETTINGS_NVS)
#define BACKEND    struct nvs_fs
#define ENTRIES    2
#define ENTRY_SIZE 8
#else
#define ENTRIES    0
#define ENTRY_SIZE 0
#endif

/* Where the flash is full, each write that fails has erased all sectors of it; of ZMS, it leaves a
 * value there that nobody has, and that nobody removes. And the firmware has settings, too. One
 * sector is for what is moved. */
static void find_room(struct sum *sum)
{
	sum->room = SIZE_MAX;
	sum->unit = 1;
#ifdef BACKEND
	void *storage = NULL;

	if (settings_storage_get(&storage) == 0 && storage != NULL) {
		const BACKEND *backend = storage;

		sum->room = (size_t)(backend->sector_count - 1) * backend->sector_size / 100 *
			    CONFIG_WASM_STORAGE_SHARE_PERCENT;
		sum->unit = backend->flash_parameters->write_block_size;
	}
#endif
}

static size_t in_flash(const struct sum *sum, size_t name, size_t value)
{
	return ENTRIES * ROUND_UP(ENTRY_SIZE, sum->unit) + ROUND_UP(name, sum->unit) +
	       ROUND_UP(value, sum->unit);
}

/* Whether apps would have more than their share; what one has already, it may have. */
static bool is_beyond_share(const struct sum *sum, size_t size)
{
	size_t name = sizeof(PREFIX) - 1 + sum->app_length + 1 + sum->length;

	return (int32_t)size > sum->had && sum->taken + in_flash(sum, name, size) > sum->room;
}

/* A setting of any app; its name is what is behind the prefix. */
static int add_size(const char *name, size_t size, settings_read_cb read, void *context, void *into)
{
	struct sum *sum = into;
	const char *key = NULL;

	ARG_UNUSED(read);
	ARG_UNUSED(context);
	if (name == NULL) {
		return 0;
	}
	if (strncmp(name, sum->app, sum->app_length) == 0 && name[sum->app_length] == '/') {
		key = &name[sum->app_length + 1];
	}
	if (key != NULL && strlen(key) == sum->length &&
	    memcmp(key, sum->without, sum->length) == 0) {
		sum->had = MAX(sum->had, sum->empty ? 0 : (int32_t)size);
		return 0;
	}
	sum->taken += in_flash(sum, sizeof(PREFIX) - 1 + strlen(name), size);
	if (key != NULL) {
		sum->bytes += strlen(key) + (sum->empty ? 0 : size);
		sum->keys++;
		count_alike(sum, key);
	}
	return 0;
}

/* Adds up what all apps have, with bytes or without. */
static int add_all(struct sum *sum, bool empty)
{
	const char all[] = {empty ? NO_BYTES : PREFIX[0], '\0'};

	sum->empty = empty;
	return settings_load_subtree_direct(all, add_size, sum) == 0 ? 0 : FAILURE_IO;
}

#ifdef CONFIG_WASM_USERSPACE
bool zephyr_wasm_storage_may_store(const char *key, size_t length, const uint8_t *bytes,
				   size_t size, uint32_t quota)
{
	ARG_UNUSED(bytes);
	ARG_UNUSED(size);
	return is_key(key, length) &&
	       quota <= zephyr_wasm_granted_number("zephyr:storage bytes", 0);
}

bool zephyr_wasm_storage_may_load(const char *key, size_t length, uint8_t *bytes, size_t room)
{
	ARG_UNUSED(bytes);
	ARG_UNUSED(room);
	return is_key(key, length);
}

bool zephyr_wasm_storage_may_remove(const char *key, size_t length)
{
	return is_key(key, length);
}
#endif

int32_t zephyr_wasm_storage_store(const char *key, size_t length, const uint8_t *bytes, size_t size,
				  uint32_t quota)
{
	char path[SETTINGS_MAX_NAME_LEN + 1];
	struct sum sum = {.without = key, .length = length, .had = FAILURE_UNKNOWN};
	struct found old;
	int32_t result;
	int saved;

	if (size > CONFIG_WASM_STORAGE_VALUE_SIZE) {
		return FAILURE_TOO_LARGE;
	}
	result = begin(path, NULL, 0);
	begin_alike(&sum, path, size == 0);
	sum.app = &path[sizeof(PREFIX) - 1];
	sum.app_length = strlen(sum.app);
	find_room(&sum);
	if (result == 0) {
		result = add_all(&sum, false);
	}
	if (result == 0) {
		result = add_all(&sum, true);
	}
	if (result == 0 && (size > quota || sum.bytes + length > quota - size ||
			    sum.keys >= CONFIG_WASM_STORAGE_KEY_COUNT)) {
		result = FAILURE_LIMIT;
	}
	if (result == 0 && !path_of(path, key, length)) {
		result = FAILURE_INVALID;
	}
	if (result == 0) {
		result = look_up(path, NULL, 0, &old);
	}
	if (result == 0 &&
	    (is_one_too_many(&sum, &old, size == 0) || is_beyond_share(&sum, size))) {
		result = FAILURE_FULL;
	}
	if (result == 0 && !zephyr_wasm_may_write(&writes, 1)) {
		result = FAILURE_LIMIT;
	}
	if (result == 0) {
		saved = save(path, bytes, size, &old);
		if (saved != 0) {
			result = saved == -ENOSPC || saved == -ENOMEM ? FAILURE_FULL : FAILURE_IO;
		}
	}
	return end(result);
}

int32_t zephyr_wasm_storage_remove(const char *key, size_t length)
{
	char path[SETTINGS_MAX_NAME_LEN + 1];
	struct found old;
	int32_t result = begin(path, key, length);

	if (result == 0) {
		result = look_up(path, NULL, 0, &old);
	}
	if (result == 0 && !zephyr_wasm_may_write(&writes, 1)) {
		result = FAILURE_LIMIT;
	}
	/* In this order: that with bytes is the one that counts. */
	if (result == 0 && old.empty == 0 && delete(path, true) != 0) {
		result = FAILURE_IO;
	}
	if (result == 0 && old.size != FAILURE_UNKNOWN && delete(path, false) != 0) {
		result = FAILURE_IO;
	}
	return end(result);
}

struct nth {
	uint32_t left;
	char *key;
	int32_t size;
};

static int find_nth(const char *key, size_t size, settings_read_cb read, void *context, void *into)
{
	struct nth *nth = into;

	ARG_UNUSED(size);
	ARG_UNUSED(read);
	ARG_UNUSED(context);
	if (key == NULL || strlen(key) >= KEY_SIZE || nth->size >= 0) {
		return 0;
	}
	if (nth->left == 0) {
		nth->size = (int32_t)strlen(key);
		memcpy(nth->key, key, nth->size);
	} else {
		nth->left--;
	}
	return 0;
}

/* As often as power may have been lost between two writes of one app. */
#define MOST_LEFT 16

/* The nth of those without bytes. One that has bytes, too, is there because power was lost, and
 * goes: to look at all before it each time would take as long as the app likes. */
static int32_t find_empty(char *path, struct nth *nth)
{
	uint32_t left = nth->left;
	int32_t result = 0;

	for (int gone = 0; result == 0 && gone < MOST_LEFT; gone++) {
		struct value value = {.size = FAILURE_UNKNOWN};

		*nth = (struct nth){.left = left, .key = nth->key, .size = FAILURE_UNKNOWN};
		(void)path_of(path, NULL, 0);
		result = load(path, true, find_nth, nth);
		if (result != 0 || nth->size < 0) {
			return result;
		}
		(void)path_of(path, nth->key, nth->size);
		result = load(path, false, read_value, &value);
		if (result != 0 || value.size == FAILURE_UNKNOWN) {
			return result;
		}
		result = delete(path, true) == 0 ? 0 : FAILURE_IO;
	}
	return FAILURE_IO;
}

/** Writes the key at that place, and returns its size, or FAILURE_UNKNOWN after the last. */
int32_t zephyr_wasm_storage_key(uint32_t index, char *key)
{
	char path[SETTINGS_MAX_NAME_LEN + 1];
	struct nth nth = {.left = index, .key = key, .size = FAILURE_UNKNOWN};
	int32_t result = begin(path, NULL, 0);

	if (result == 0) {
		result = load(path, false, find_nth, &nth);
	}
	/* What is left is how many come after those with bytes. */
	if (result == 0 && nth.size < 0) {
		result = find_empty(path, &nth);
	}
	result = end(result == 0 ? nth.size : result);
	/* A list asks for one after the other, in one call. */
	zephyr_wasm_let_kill_come();
	return result;
}
