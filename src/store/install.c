/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * From a file that has been received to an app that is installed: who it is, who has signed it, and
 * whether it could run here. The latter two are found out on the thread of an app, in an app's
 * memory, so that nothing in the file can hurt more than that.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "../internal.h"
#include "../rust.h"
#include "keys.h"
#include "store.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

static uint8_t added_keys[MAX(CONFIG_WASM_STORE_ADDED_KEYS, 1)][ZEPHYR_WASM_KEY_SIZE];
static size_t added_count;

int zephyr_wasm_store_add_key(const uint8_t key[ZEPHYR_WASM_KEY_SIZE])
{
	if (added_count == CONFIG_WASM_STORE_ADDED_KEYS) {
		return -ENOMEM;
	}
	memcpy(added_keys[added_count], key, ZEPHYR_WASM_KEY_SIZE);
	added_count++;
	return 0;
}

/* Checks a signature by every key that there is, and whether this image wants one. */
static uint8_t verify(const uint8_t *wasm, size_t size, const char *name,
		      uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE], bool *is_signed, char *message)
{
	uint8_t refusal = zephyr_wasm_rs_verify(wasm, size, zephyr_wasm_store_keys,
						zephyr_wasm_store_key_count, signer, message);

	if (refusal == ZEPHYR_WASM_REFUSED_UNKNOWN_KEY && added_count > 0) {
		refusal =
			zephyr_wasm_rs_verify(wasm, size, added_keys, added_count, signer, message);
	}
	*is_signed = refusal == 0;
	if (refusal == ZEPHYR_WASM_REFUSED_UNSIGNED &&
	    !IS_ENABLED(CONFIG_WASM_STORE_UNSIGNED_REFUSED)) {
		if (IS_ENABLED(CONFIG_WASM_STORE_UNSIGNED_WARNED)) {
			LOG_WRN("%s: is not signed", name);
		}
		refusal = 0;
	}
	if (refusal == 0) {
		message[0] = '\0';
	}
	return refusal;
}

uint8_t zephyr_wasm_store_verify(const struct zephyr_wasm_image *image, bool *validated,
				 char *message)
{
	struct entry *entry = entry_of(image);
	bool is_signed;
	uint8_t refusal =
		verify(image->wasm, image->size, image->name, entry->key, &is_signed, message);

	entry->is_signed = is_signed;
	/* The signer has validated it; where the image can, it does so itself. */
	*validated = entry->is_signed && !IS_ENABLED(CONFIG_WASM_VALIDATE);
	return refusal;
}

uint8_t zephyr_wasm_store_verify_file(struct zephyr_wasm_source *source, const char *name,
				      char *message)
{
	bool is_signed;
	uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE];
	uint8_t refusal = verify(source->wasm, source->size, name, signer, &is_signed, message);

	source->validated = is_signed && !IS_ENABLED(CONFIG_WASM_VALIDATE);
	return refusal;
}

/* Puts the app before the message. */
static void prefix(const struct zephyr_wasm_identity *identity, const char *text, char *message)
{
	(void)store_fail(message, 0, "%s %u.%u.%u %s", identity->name, identity->version[0],
			 identity->version[1], identity->version[2], text);
}

static int compare(const uint16_t *left, const uint16_t *right)
{
	for (size_t i = 0; i < 3; i++) {
		if (left[i] != right[i]) {
			return left[i] < right[i] ? -1 : 1;
		}
	}
	return 0;
}

static int check_version(const struct entry *entry, char *message)
{
	const struct entry *current = entry_current(entry->identity.name);

	if (IS_ENABLED(CONFIG_WASM_STORE_DOWNGRADE) || current == NULL ||
	    compare(entry->identity.version, current->identity.version) > 0) {
		return 0;
	}
	return store_fail(message, -EPERM,
			  "%s %u.%u.%u is not later than %u.%u.%u, which is installed "
			  "(CONFIG_WASM_STORE_DOWNGRADE)",
			  entry->identity.name, entry->identity.version[0],
			  entry->identity.version[1], entry->identity.version[2],
			  current->identity.version[0], current->identity.version[1],
			  current->identity.version[2]);
}

/* Loads an app on a slot, and runs nothing of it. */
static int check_on_slot(const struct zephyr_wasm_image *image, struct zephyr_wasm_status *status)
{
	struct zephyr_wasm_app *app;
	int result = zephyr_wasm_check(image, &app);

	if (result != 0) {
		return result;
	}
	if (zephyr_wasm_wait(app, K_SECONDS(CONFIG_WASM_STORE_CHECK_SECONDS), status) != 0) {
		(void)zephyr_wasm_kill(app);
		(void)zephyr_wasm_wait(app, K_FOREVER, status);
	}
	return zephyr_wasm_release(app);
}

static int check_app(struct entry *entry, char *message)
{
	static struct zephyr_wasm_status status;
	const char *name = entry->identity.name;
	bool stopped = false;
	int result = check_on_slot(&entry->image, &status);

	if (result == -ENOMEM) {
		stopped = trial_stop(name);
		result = stopped ? check_on_slot(&entry->image, &status) : result;
	}
	if (result != 0) {
		return store_fail(message, -ENOMEM,
				  "%s cannot be checked: %d apps are loaded already "
				  "(CONFIG_WASM_MAX_APPS)",
				  name, CONFIG_WASM_MAX_APPS);
	}
	if (status.end == ZEPHYR_WASM_END_RETURNED) {
		return 0;
	}
	if (stopped) {
		(void)trial_start(name, message);
	}
	prefix(&entry->identity, status.message, message);
	if (status.end == ZEPHYR_WASM_END_REFUSED &&
	    IN_RANGE(status.detail, ZEPHYR_WASM_REFUSED_UNSIGNED,
		     ZEPHYR_WASM_REFUSED_BAD_SIGNATURE)) {
		return -EACCES;
	}
	return -ENOEXEC;
}

static int check(struct entry *entry, char *message)
{
	int result;

	if (!entry_open(entry, message)) {
		return -ENOEXEC;
	}
	if (!entry_is_intact(entry)) {
		return store_fail(message, -EBADMSG,
				  "what has come is not what was announced (SHA-256)");
	}
	result = check_version(entry, message);
	return result == 0 ? check_app(entry, message) : result;
}

/* The version to go back to: the last that has passed its trial, or else the last. */
static struct entry *to_go_back_to(const struct entry *current)
{
	struct entry *entry = entry_before(current);

	while (entry != NULL && !entry->confirmed) {
		entry = entry_before(entry);
	}
	return entry == NULL ? entry_before(current) : entry;
}

/* Erases the versions of an app besides the one that is to run and the one to go back to; one that
 * runs meanwhile goes when it is replaced. */
void install_drop_others(const char *name)
{
	const struct entry *current = entry_current(name);
	const struct entry *kept = current == NULL ? NULL : to_go_back_to(current);
	struct entry *entry = current == NULL ? NULL : entry_before(current);

	while (entry != NULL) {
		struct entry *next = entry_before(entry);

		if (entry != kept) {
			(void)entry_remove(entry);
		}
		entry = next;
	}
}

static int install(struct zephyr_wasm_identity *identity, char *message)
{
	int result = 0;
	struct entry *entry = upload_take(message, &result);

	if (entry == NULL) {
		return result;
	}
	result = check(entry, message);
	if (result != 0) {
		(void)entry_remove(entry);
		return result;
	}
	if (entry_commit(entry) != 0) {
		(void)entry_remove(entry);
		return store_fail(message, -EIO, "the flash cannot be written");
	}
	/* With nothing to go back to, there is nothing to try. */
	if (entry_before(entry) == NULL &&
	    zephyr_wasm_embedded_image(entry->identity.name) == NULL) {
		(void)trial_pass(entry);
	}
	install_drop_others(entry->identity.name);
	*identity = entry->identity;
	LOG_INF("%s: %u.%u.%u is installed", identity->name, identity->version[0],
		identity->version[1], identity->version[2]);
	return 0;
}

int zephyr_wasm_store_install(struct zephyr_wasm_identity *identity, char *message)
{
	int result = store_begin(message);

	if (result == 0) {
		result = install(identity, message);
		store_end();
	}
	return result;
}
