/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Installs a received file: reads the app's name and version, checks its digest and version, has
 * its signature and code checked (check.c), and notes it in the journal.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include <zephyr_wasm/store.h>

#include "core/images.h"
#include "store.h"
#include "zephyr_wasm_declared.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* Writes a message that begins with the app's name and version. */
static void prefix(const struct zephyr_wasm_identity *identity, const char *text, char *message)
{
	(void)zephyr_wasm_store_fail(message, 0, "%s %u.%u.%u %s", identity->name,
				     identity->version[0], identity->version[1],
				     identity->version[2], text);
}

/* Checks that an app is later than another version of its name, or the same if that is allowed. */
static int check_later(const struct entry *entry, const uint16_t *than, bool same,
		       const char *which, char *message)
{
	const struct zephyr_wasm_identity *identity = &entry->identity;
	int order = zephyr_wasm_floor_compare(identity->version, than);

	if (order > 0 || (order == 0 && same)) {
		return 0;
	}
	return zephyr_wasm_store_fail(
		message, -EPERM,
		"%s %u.%u.%u is %s %u.%u.%u, which %s (CONFIG_WASM_STORE_DOWNGRADE)",
		identity->name, identity->version[0], identity->version[1], identity->version[2],
		same ? "older than" : "not later than", than[0], than[1], than[2], which);
}

/* Checks that an app is not older than the embedded app of the same name. */
static int check_embedded(const struct entry *entry, char *message)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_embedded_image(entry->identity.name);
	struct zephyr_wasm_identity identity = {0};

	if (image == NULL || image->wasm == NULL) {
		return 0;
	}
	/* An embedded app without a manifest has no version, so any version is later. */
	(void)zephyr_wasm_rs_identify(image->wasm, image->size, &identity, message);
	return check_later(entry, identity.version, true, "is embedded in the firmware", message);
}

static int check_version(const struct entry *entry, char *message)
{
	const struct entry *current = zephyr_wasm_entry_current(entry->identity.name);
	uint16_t least[3];
	int result;

	if (IS_ENABLED(CONFIG_WASM_STORE_DOWNGRADE)) {
		return 0;
	}
	result = check_embedded(entry, message);
	if (result != 0) {
		return result;
	}
	if (current != NULL) {
		result = check_later(entry, current->identity.version, false, "is installed",
				     message);
	}
	if (result == 0 && zephyr_wasm_floor_of(entry->identity.name, least)) {
		result = check_later(entry, least, true, "was here before", message);
	}
	return result;
}

/* Reserves room for the floor of an app, before it is needed. Unsigned apps have no floor, because
 * it could keep out signed ones. */
static int reserve_floor(const struct entry *entry, char *message)
{
	static const uint16_t none[3];
	int result = entry->is_signed ? zephyr_wasm_floor_raise(entry->identity.name, none) : 0;

	if (result == -ENOSPC) {
		return zephyr_wasm_store_fail(
			message, result,
			"%s is one app too many: the versions of %d are kept, erased "
			"ones included (CONFIG_WASM_STORE_FLOOR_COUNT)",
			entry->identity.name, CONFIG_WASM_STORE_FLOOR_COUNT);
	}
	return result == 0 ? 0
			   : zephyr_wasm_store_fail(message, -EIO, "the flash cannot be written");
}

/* Checks whether an app could run. If there is no slot for that, stops the app of the same name,
 * and sets @p stopped. */
static int check_app(struct entry *entry, bool *stopped, char *message)
{
	static struct zephyr_wasm_status status;
	const char *name = entry->identity.name;
	int result = zephyr_wasm_check_load(&entry->image, &status);

	if (result == -ENOMEM) {
		*stopped = zephyr_wasm_trial_stop(name);
		result = *stopped ? zephyr_wasm_check_load(&entry->image, &status) : result;
	}
	if (result != 0) {
		return zephyr_wasm_store_fail(message, -ENOMEM,
					      "%s cannot be checked: %d apps are loaded already "
					      "(CONFIG_WASM_MAX_APPS)",
					      name, CONFIG_WASM_MAX_APPS);
	}
	if (status.end == ZEPHYR_WASM_END_RETURNED) {
		return 0;
	}
	prefix(&entry->identity, status.message, message);
	return zephyr_wasm_check_is_distrusted(&status) ? -EACCES : -ENOEXEC;
}

static int check(struct entry *entry, bool *stopped, char *message)
{
	int result;

	if (!zephyr_wasm_entry_open(entry, message)) {
		return -ENOEXEC;
	}
	if (!zephyr_wasm_entry_is_intact(entry)) {
		return zephyr_wasm_store_fail(message, -EBADMSG,
					      "what has come is not what was announced (SHA-256)");
	}
	result = check_version(entry, message);
	return result == 0 ? check_app(entry, stopped, message) : result;
}

/* Returns the version to go back to: the last one that has passed its trial, or, if none has, the
 * last one. */
static struct entry *to_go_back_to(const struct entry *current)
{
	struct entry *entry = zephyr_wasm_entry_before(current);

	while (entry != NULL && !entry->confirmed) {
		entry = zephyr_wasm_entry_before(entry);
	}
	return entry == NULL ? zephyr_wasm_entry_before(current) : entry;
}

/* Erases all versions of an app except for the one that is to run and the one to go back to. A
 * version that is running is erased later, when it is replaced. */
void zephyr_wasm_install_drop_others(const char *name)
{
	const struct entry *current = zephyr_wasm_entry_current(name);
	const struct entry *kept = current == NULL ? NULL : to_go_back_to(current);
	struct entry *entry = current == NULL ? NULL : zephyr_wasm_entry_before(current);

	while (entry != NULL) {
		struct entry *next = zephyr_wasm_entry_before(entry);

		if (entry != kept) {
			(void)zephyr_wasm_entry_remove(entry);
		}
		entry = next;
	}
}

/* Checks a received file and installs it. On failure, writes the reason to @p message. */
static int commit(struct entry *entry, bool *stopped, char *message)
{
	int result = check(entry, stopped, message);

	if (result == 0) {
		result = reserve_floor(entry, message);
	}
	if (result == 0 && zephyr_wasm_entry_commit(entry) != 0) {
		result = zephyr_wasm_store_fail(message, -EIO, "the flash cannot be written");
	}
	return result;
}

/* Removes a received file, and starts the app that was stopped to check it. */
static void give_up(struct entry *entry, bool stopped)
{
	struct zephyr_wasm_identity identity = entry->identity;

	(void)zephyr_wasm_entry_remove(entry);
	if (stopped) {
		zephyr_wasm_trial_start_again(identity.name);
	}
}

static int install(struct zephyr_wasm_identity *identity, char *message)
{
	int result = 0;
	bool stopped = false;
	struct entry *entry = zephyr_wasm_upload_take(message, &result);

	if (entry == NULL) {
		return result;
	}
	result = commit(entry, &stopped, message);
	if (result != 0) {
		give_up(entry, stopped);
		return result;
	}
	/* Without a version to go back to, there is no trial. */
	if (zephyr_wasm_entry_before(entry) == NULL &&
	    zephyr_wasm_embedded_image(entry->identity.name) == NULL) {
		(void)zephyr_wasm_trial_pass(entry);
	}
	zephyr_wasm_install_drop_others(entry->identity.name);
	*identity = entry->identity;
	LOG_INF("%s: %u.%u.%u is installed", identity->name, identity->version[0],
		identity->version[1], identity->version[2]);
	return 0;
}

int zephyr_wasm_store_install(struct zephyr_wasm_identity *identity, char *message)
{
	int result = zephyr_wasm_store_change_begin(message);

	if (result == 0) {
		result = install(identity, message);
		zephyr_wasm_store_change_end();
	}
	return result;
}
