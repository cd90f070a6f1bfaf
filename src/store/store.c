/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The store's lock, and its public functions except for uploads, installation, failures and keys.
 */

#include <stdarg.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/sys/cbprintf.h>

#include <zephyr_wasm/store.h>

#include "core/images.h"
#include "core/observer.h"
#include "core/text.h"
#include "store.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

static K_MUTEX_DEFINE(lock);

struct text {
	char *at;
	char *end;
};

static int put(int character, void *context)
{
	struct text *text = context;

	if (text->at < text->end) {
		*text->at++ = (char)character;
	}
	return character;
}

int zephyr_wasm_store_fail(char *message, int error, const char *format, ...)
{
	struct text text = {.at = message, .end = &message[ZEPHYR_WASM_MESSAGE_SIZE - 1]};
	va_list arguments;

	va_start(arguments, format);
	(void)cbvprintf(put, &text, format, arguments);
	va_end(arguments);
	*text.at = '\0';
	/* The message may quote a file, or be cut in the middle of a character. */
	zephyr_wasm_disarm(message);
	return error;
}

int zephyr_wasm_store_change_begin(char *message)
{
	int result;

	k_mutex_lock(&lock, K_FOREVER);
	result = zephyr_wasm_entry_mount();
	if (result != 0) {
		k_mutex_unlock(&lock);
		return zephyr_wasm_store_fail(
			message, -EIO, "wasm_partition cannot be used, as the log says: error %d",
			result);
	}
	return 0;
}

void zephyr_wasm_store_lock(void)
{
	k_mutex_lock(&lock, K_FOREVER);
}

void zephyr_wasm_store_change_end(void)
{
	k_mutex_unlock(&lock);
}

/* Erases a version. On failure, writes the reason to @p message. */
static int erase_entry(struct entry *entry, char *message)
{
	int result = zephyr_wasm_entry_remove(entry);

	if (result == -EBUSY) {
		return zephyr_wasm_store_fail(message, result,
					      "%s is loaded more than once, or being called",
					      entry->identity.name);
	}
	return result == 0 ? 0
			   : zephyr_wasm_store_fail(message, -EIO, "the flash cannot be erased");
}

static struct entry *current(const char *name, char *message, int *error)
{
	struct entry *entry = zephyr_wasm_entry_current(name);

	if (entry == NULL) {
		*error = zephyr_wasm_store_fail(message, -ENOENT, "no app \"%s\" is installed",
						name);
	}
	return entry;
}

int zephyr_wasm_store_start(const char *name, char *message)
{
	int result = zephyr_wasm_store_change_begin(message);

	if (result == 0) {
		(void)zephyr_wasm_trial_stop(name);
		zephyr_wasm_install_drop_others(name);
		result = zephyr_wasm_trial_start(name, message);
		zephyr_wasm_store_change_end();
	}
	return result;
}

int zephyr_wasm_store_confirm(const char *name, char *message)
{
	int result = zephyr_wasm_store_change_begin(message);
	struct entry *entry;

	if (result != 0) {
		return result;
	}
	entry = current(name, message, &result);
	if (entry != NULL && zephyr_wasm_trial_pass(entry) != 0) {
		result = zephyr_wasm_store_fail(message, -EIO, "the flash cannot be written");
	}
	zephyr_wasm_store_change_end();
	return result;
}

static int roll_back(const char *name, char *message)
{
	int result = 0;
	struct entry *entry = current(name, message, &result);
	bool ran;

	if (entry == NULL) {
		return result;
	}
	if (!zephyr_wasm_trial_can_go_back(entry)) {
		return zephyr_wasm_store_fail(message, -ENOENT,
					      "there is no version of \"%s\" before this one that "
					      "may run",
					      name);
	}
	ran = zephyr_wasm_trial_stop(name);
	result = erase_entry(entry, message);
	if (result != 0 && ran) {
		/* The same version, if it is loaded once more; else the one before, because a
		 * version that cannot be erased is not run either. */
		zephyr_wasm_trial_start_again(name);
	}
	return result == 0 && ran ? zephyr_wasm_trial_start(name, message) : result;
}

int zephyr_wasm_store_rollback(const char *name, char *message)
{
	int result = zephyr_wasm_store_change_begin(message);

	if (result == 0) {
		result = roll_back(name, message);
		zephyr_wasm_store_change_end();
	}
	return result;
}

static int erase(const char *name, char *message)
{
	bool found = false;
	int result = 0;

	/* First erases the versions that are kept to go back to, so that none of them ever becomes
	 * the one that is to run. */
	for (struct entry *entry = NULL;
	     result == 0 && (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		bool is_of_name = strcmp(entry->identity.name, name) == 0;

		if (entry->state == ENTRY_RECEIVING || !is_of_name) {
			continue;
		}
		if (!found) {
			(void)zephyr_wasm_trial_stop(name);
		}
		found = true;
		/* After an erase, no older version may be installed, whether the erased one was on
		 * trial or not. */
		if (entry->state == ENTRY_INSTALLED && entry->is_signed &&
		    zephyr_wasm_floor_raise(name, entry->identity.version) != 0) {
			return zephyr_wasm_store_fail(message, -EIO, "the flash cannot be written");
		}
		if (entry != zephyr_wasm_entry_current(name)) {
			result = erase_entry(entry, message);
		}
	}
	if (!found) {
		return zephyr_wasm_store_fail(message, -ENOENT, "no app \"%s\" is installed", name);
	}
	zephyr_wasm_failure_forget(name);
	if (result == 0 && zephyr_wasm_entry_current(name) != NULL) {
		result = erase_entry(zephyr_wasm_entry_current(name), message);
	}
	return result;
}

int zephyr_wasm_store_erase(const char *name, char *message)
{
	int result = zephyr_wasm_store_change_begin(message);

	if (result == 0) {
		result = erase(name, message);
		zephyr_wasm_store_change_end();
	}
	return result;
}

static enum zephyr_wasm_store_state state_of(const struct entry *entry)
{
	if (entry->state == ENTRY_DAMAGED) {
		return ZEPHYR_WASM_STORE_DAMAGED;
	}
	if (entry->state == ENTRY_REFUSED) {
		return ZEPHYR_WASM_STORE_REFUSED;
	}
	if (entry != zephyr_wasm_entry_current(entry->identity.name)) {
		return ZEPHYR_WASM_STORE_PREVIOUS;
	}
	return entry->confirmed ? ZEPHYR_WASM_STORE_CURRENT : ZEPHYR_WASM_STORE_ON_TRIAL;
}

int zephyr_wasm_store_info(size_t index, struct zephyr_wasm_store_info *info)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	int result = zephyr_wasm_store_change_begin(message);

	if (result != 0) {
		return result;
	}
	result = -ENOENT;
	for (struct entry *entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (entry->state != ENTRY_RECEIVING && index-- == 0) {
			*info = (struct zephyr_wasm_store_info){
				.identity = entry->identity,
				.state = state_of(entry),
				.size = entry->size,
				.is_signed = entry->is_signed,
			};
			memcpy(info->digest, entry->digest, sizeof(info->digest));
			memcpy(info->key, entry->key, sizeof(info->key));
			result = 0;
			break;
		}
	}
	zephyr_wasm_store_change_end();
	return result;
}

static const struct zephyr_wasm_image *image_at(size_t *index)
{
	const struct zephyr_wasm_image *image = NULL;
	char message[ZEPHYR_WASM_MESSAGE_SIZE];

	if (zephyr_wasm_store_change_begin(message) != 0) {
		return NULL;
	}
	for (struct entry *entry = NULL;
	     image == NULL && (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (entry == zephyr_wasm_entry_current(entry->identity.name)) {
			image = *index == 0 ? &entry->image : NULL;
			*index -= image == NULL;
		}
	}
	zephyr_wasm_store_change_end();
	return image;
}

bool zephyr_wasm_store_has(const char *name)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	bool found = false;

	if (zephyr_wasm_store_change_begin(message) == 0) {
		found = zephyr_wasm_entry_current(name) != NULL;
		zephyr_wasm_store_change_end();
	}
	return found;
}

static int starts_all(void)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	int count = 0;
	int result = zephyr_wasm_store_change_begin(message);

	if (result != 0) {
		LOG_ERR("store: %s", message);
		return 0;
	}
	zephyr_wasm_trial_settle();
	for (struct entry *entry = NULL;
	     result == 0 && (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (entry == zephyr_wasm_entry_current(entry->identity.name)) {
			result = zephyr_wasm_trial_start(entry->identity.name, message);
			count++;
		}
	}
	zephyr_wasm_store_change_end();
	if (result != 0) {
		LOG_ERR("%s", message);
	}
	return result == 0 ? count : result;
}

/* Called before a module is loaded. For a program in a file, has the revoked keys read from the
 * journal. The store itself has no such module. */
static bool prepares(const struct zephyr_wasm_image *image)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];

	/* This mounts the store, which reads the revoked keys. If it fails, finds() refuses the
	 * file. */
	if (IS_ENABLED(CONFIG_WASM_WASI_PROGRAM_FILES) && image->path != NULL &&
	    zephyr_wasm_store_change_begin(message) == 0) {
		zephyr_wasm_store_change_end();
	}
	return false;
}

static int finds(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source,
		 struct zephyr_wasm_limits *limits)
{
	ARG_UNUSED(limits);
	return zephyr_wasm_trust_verify(app, source);
}

/* Priority 60: the module has been found by then, also that of a program in a file (50,
 * src/wasi/program.c). */
ZEPHYR_WASM_ORIGIN_DEFINE(60, store) = {
	.image_at = image_at,
	.stands_for = zephyr_wasm_store_has,
	.prepares = prepares,
	.finds = finds,
};

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	if (event == ZEPHYR_WASM_EVENT_TAKEN) {
		zephyr_wasm_trust_forget(app);
	} else if (event == ZEPHYR_WASM_EVENT_ENDED) {
		zephyr_wasm_trial_ended(app);
	}
}

/* After the boot guard, and after the observers that count how apps end. */
ZEPHYR_WASM_OBSERVER_DEFINE(60, store) = {.on = on, .starts_all = starts_all};

size_t zephyr_wasm_store_free(void)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	size_t bytes = 0;

	if (zephyr_wasm_store_change_begin(message) == 0) {
		bytes = zephyr_wasm_entry_free_bytes();
		zephyr_wasm_store_change_end();
	}
	return bytes;
}
