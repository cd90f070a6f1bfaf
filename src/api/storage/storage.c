/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:storage, by Zephyr's settings. Their backends (ZMS, NVS, a file) write a
 * value completely or not at all. The path of a key is `w/<app>/<key>`.
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
/* Zephyr's settings take an empty value for a deletion. So an empty value is stored as one byte,
 * under a path with this prefix. If a key is under both prefixes, power was lost between two
 * writes, and the value under PREFIX is valid. */
#define NO_BYTES 'W'

BUILD_ASSERT(sizeof(PREFIX) - 1 + ZEPHYR_WASM_NAME_SIZE + KEY_SIZE <= SETTINGS_MAX_NAME_LEN + 1);
BUILD_ASSERT(!IS_ENABLED(CONFIG_SETTINGS_ZMS_NO_LL_DELETE),
	     "an app that stores and removes one key after the other would fill the flash of "
	     "all with what is left of them: set CONFIG_SETTINGS_ZMS_NO_LL_DELETE=n");
/* If all names are in its cache, NVS gives a new name the number after the last one. It reads each
 * number up to the last one whenever any setting is looked up. */
BUILD_ASSERT(!IS_ENABLED(CONFIG_SETTINGS_NVS_NAME_CACHE),
	     "an app that stores and removes one key after the other would use up the numbers of "
	     "all, and each look-up take longer: set CONFIG_SETTINGS_NVS_NAME_CACHE=n");

/* One app at a time, because the quota is compared with what is stored. */
static K_MUTEX_DEFINE(lock);

ZEPHYR_WASM_LOCKS_DEFINE(storage_locks, &lock, 1);

static int init(void)
{
	static bool ready;
	int result = ready ? 0 : settings_subsys_init();

	ready = result == 0;
	return result;
}

/* Whether a key is valid, as in wit/storage.wit. None of these characters has a meaning in a path
 * of Zephyr's settings. */
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

/* Writes the path of the calling app's directory, or of a key in it. Returns false if the key is
 * not valid. */
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

/* Whether the app's name can be a directory. For Zephyr's settings, a name ends at
 * SETTINGS_NAME_END, and a value below such a name would not be found again, nor be counted. A
 * program in a file has the name of its file, which may contain that character. */
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
		/* The value of another key, which begins with this key and a slash. */
		return 0;
	}
	value->size = value->room == 0 ? 0 : read(context, value->bytes, MIN(size, value->room));
	return 0;
}

/* Loads the values below a path: those with bytes, or the empty ones. */
static int load(char *path, bool empty, settings_load_direct_cb take, void *into)
{
	path[0] = empty ? NO_BYTES : PREFIX[0];
	return settings_load_subtree_direct(path, take, into) == 0 ? 0 : FAILURE_IO;
}

/* What is stored of a key, under each prefix: the size of its value, or FAILURE_UNKNOWN. */
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

/* Saves a value, and then deletes the old one under the other prefix. */
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

/** Returns the size of the largest value. */
uint32_t zephyr_wasm_storage_size(void)
{
	return CONFIG_WASM_STORAGE_VALUE_SIZE;
}

/** Loads a value. Returns its size, FAILURE_UNKNOWN if there is none, or another failure. */
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
	/* The app, and the key that is to be stored, which is not counted. */
	const char *app;
	size_t app_length;
	const char *without;
	size_t length;
	/* The size of that key's present value, or FAILURE_UNKNOWN. */
	int32_t had;
	size_t bytes;
	size_t keys;
	bool empty;
	/* How many bytes of flash all apps use, and may use; and the flash's write unit. */
	size_t taken;
	size_t room;
	size_t unit;
#ifdef CONFIG_SETTINGS_ZMS
	/* The directory; the hash of the name that is to be stored; and how many other names of the
	 * app have the same hash. */
	char *path;
	uint32_t hash;
	size_t alike;
#endif
};

#ifdef CONFIG_SETTINGS_ZMS
/* ZMS finds a name by a part of its hash. By default, it has room for 16 names with the same hash,
 * whoever owns them. An app that had all of them would keep other apps, or the firmware, from such
 * a name. By chance, an app hardly ever has three. */
#define MOST_ALIKE   2
#define PART_OF_HASH GENMASK(29, CONFIG_SETTINGS_ZMS_MAX_COLLISIONS_BITS + 1)

static uint32_t hash_of(char *path, bool empty)
{
	path[0] = empty ? NO_BYTES : PREFIX[0];
	return sys_hash32(path, strlen(path)) & PART_OF_HASH;
}

/* Prepares counting the names with the same hash as a key, with bytes or empty. Afterwards, @p path
 * is that of the directory. */
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

/* A key with bytes and the same key without have different names in ZMS. */
static bool is_one_too_many(const struct sum *sum, const struct found *old, bool empty)
{
	return (empty ? old->empty : old->size) == FAILURE_UNKNOWN && sum->alike >= MOST_ALIKE;
}
#else
#define begin_alike(sum, path, empty)
#define count_alike(sum, key)
#define is_one_too_many(sum, old, empty) false
#endif

/* How many entries of which size a backend writes for a setting, besides its name and value. */
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

/* Finds out how many bytes of flash apps may use. If the flash were full, each write that fails
 * would erase all its sectors; and with ZMS, leave a value that nobody owns or removes. The
 * firmware has settings there, too. One sector is kept for moving data. */
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

/* Whether apps would use more than their share of flash. A value that is not larger than the
 * present one is allowed. */
static bool is_beyond_share(const struct sum *sum, size_t size)
{
	size_t name = sizeof(PREFIX) - 1 + sum->app_length + 1 + sum->length;

	return (int32_t)size > sum->had && sum->taken + in_flash(sum, name, size) > sum->room;
}

/* Counts a setting of any app. @p name comes without the prefix. */
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

/* Adds up the settings of all apps: those with bytes, or the empty ones. */
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
	/* In this order, because the value with bytes is the valid one. */
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

/* How often power may have been lost between two writes of an app. */
#define MOST_LEFT 16

/* Finds the nth key with an empty value. If such a key has a value with bytes, too, power was lost,
 * and the empty value is deleted. Otherwise, all keys before would have to be checked each time,
 * which could take as long as an app likes. */
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

/** Writes the key with this index. Returns its length, FAILURE_UNKNOWN after the last one, or
 * another failure. */
int32_t zephyr_wasm_storage_key(uint32_t index, char *key)
{
	char path[SETTINGS_MAX_NAME_LEN + 1];
	struct nth nth = {.left = index, .key = key, .size = FAILURE_UNKNOWN};
	int32_t result = begin(path, NULL, 0);

	if (result == 0) {
		result = load(path, false, find_nth, &nth);
	}
	/* `left` is now the index among the keys with empty values. */
	if (result == 0 && nth.size < 0) {
		result = find_empty(path, &nth);
	}
	result = end(result == 0 ? nth.size : result);
	/* The host call that lists keys calls this for each key, so a kill can come in between. */
	zephyr_wasm_let_kill_come();
	return result;
}
