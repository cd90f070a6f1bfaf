/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The keys that this image trusts, the keys that are revoked, and the signatures of modules.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include <zephyr_wasm/store.h>

#include "core/app.h"
#include "core/module.h"
#include "core/slots.h"
#include "core/thread.h"
#include "code.h"
#include "journal.h"
#include "keys.h"
#include "store.h"
#include "zephyr_wasm_declared.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

static uint8_t added_keys[MAX(CONFIG_WASM_STORE_ADDED_KEY_COUNT, 1)][ZEPHYR_WASM_KEY_SIZE];
static size_t added_count;

/* The revoked keys, read from the journal. */
static uint8_t revoked_keys[CONFIG_WASM_STORE_REVOKED_KEY_COUNT][ZEPHYR_WASM_KEY_SIZE];
static size_t revoked_count;
static bool is_loaded;
/* The journal has more revoked keys than this image has room for. Then no key is trusted, because
 * any could be a revoked one. */
static bool is_crowded;

/* A request to revoke a key is checked like an app, on an app's thread. */
static uint8_t request[ZEPHYR_WASM_REVOCATION_SIZE];
static uint8_t requested[ZEPHYR_WASM_KEY_SIZE];
static const struct zephyr_wasm_image request_image = {
	.name = "revocation",
	.wasm = request,
	.size = sizeof(request),
	.priority = ZEPHYR_WASM_PRIORITY_OF_MANIFEST,
};

int zephyr_wasm_store_add_key(const uint8_t key[ZEPHYR_WASM_KEY_SIZE])
{
	if (added_count == CONFIG_WASM_STORE_ADDED_KEY_COUNT) {
		return -ENOMEM;
	}
	memcpy(added_keys[added_count], key, ZEPHYR_WASM_KEY_SIZE);
	added_count++;
	return 0;
}

static bool is_revoked(const uint8_t *key)
{
	for (size_t i = 0; i < revoked_count; i++) {
		if (memcmp(revoked_keys[i], key, ZEPHYR_WASM_KEY_SIZE) == 0) {
			return true;
		}
	}
	return false;
}

/* Returns the key with a number, revoked or not; NULL after the last. */
static const uint8_t *known_key(size_t index)
{
	if (index < zephyr_wasm_store_key_count) {
		return zephyr_wasm_store_keys[index];
	}
	index -= zephyr_wasm_store_key_count;
	return index < added_count ? added_keys[index] : NULL;
}

static const uint8_t *key_at(size_t index)
{
	const uint8_t *key;

	for (size_t i = 0; !is_crowded && (key = known_key(i)) != NULL; i++) {
		if (!is_revoked(key) && index-- == 0) {
			return key;
		}
	}
	return NULL;
}

bool zephyr_wasm_trust_has(const uint8_t key[ZEPHYR_WASM_KEY_SIZE])
{
	return !is_crowded && !is_revoked(key);
}

static void note_revoked(const uint8_t *key)
{
	memcpy(revoked_keys[revoked_count], key, ZEPHYR_WASM_KEY_SIZE);
	revoked_count++;
}

void zephyr_wasm_trust_load(void)
{
	struct record record;

	revoked_count = 0;
	is_crowded = false;
	for (size_t slot = 0; slot < zephyr_wasm_journal_end(); slot++) {
		if (!zephyr_wasm_journal_read(slot, &record) || record.type != RECORD_REVOKED) {
			continue;
		}
		if (revoked_count == ARRAY_SIZE(revoked_keys)) {
			LOG_ERR("store: more keys are revoked than "
				"CONFIG_WASM_STORE_REVOKED_KEY_COUNT: none "
				"is trusted");
			is_crowded = true;
			break;
		}
		note_revoked(record.key);
	}
	is_loaded = true;
}

/* Checks the signature of a module with every trusted key, and whether this image allows unsigned
 * modules. */
static uint8_t verify(const uint8_t *wasm, size_t size, const char *name,
		      uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE], bool *is_signed, char *message)
{
	uint8_t refusal = zephyr_wasm_rs_verify(wasm, size, key_at, signer, message);

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

/* Whether the key with an id is trusted. */
static bool is_trusted(const uint8_t id[ZEPHYR_WASM_KEY_ID_SIZE])
{
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	const uint8_t *key;

	for (size_t i = 0; (key = key_at(i)) != NULL; i++) {
		zephyr_wasm_rs_digest(key, ZEPHYR_WASM_KEY_SIZE, digest);
		if (memcmp(digest, id, ZEPHYR_WASM_KEY_ID_SIZE) == 0) {
			return true;
		}
	}
	return false;
}

/* Refuses what a key has signed that was revoked while the signature was checked. */
static uint8_t refuse_revoked(char *message)
{
	(void)zephyr_wasm_store_fail(message, 0, "is signed by a key that was revoked meanwhile");
	return ZEPHYR_WASM_REFUSED_UNKNOWN_KEY;
}

/* Checks the signature of a version in the store, finds its code, and notes both in its entry. */
static uint8_t verify_entry(struct entry *entry, char *message)
{
	const struct zephyr_wasm_image *image = &entry->image;
	uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE] = {0};
	const void *code = NULL;
	bool is_signed;
	uint8_t refusal =
		verify(image->wasm, image->size, image->name, signer, &is_signed, message);

	if (refusal == 0) {
		refusal = zephyr_wasm_code_find(image->name, image->wasm, image->size, is_signed,
						signer, &code, message);
		entry->is_signed = is_signed;
		memcpy(entry->key, signer, sizeof(signer));
		/* Revoking looks at that key, from here on. */
		if (refusal == 0 && is_signed && !is_trusted(signer)) {
			code = NULL;
			refusal = refuse_revoked(message);
		}
	}
#ifdef CONFIG_WASM_COMPILED
	entry->image.entry = (zephyr_wasm_compiled_entry *)code;
#endif
	return refusal;
}

static uint8_t verify_stored(const struct zephyr_wasm_image *image,
			     struct zephyr_wasm_source *source, char *message)
{
	struct entry *entry = zephyr_wasm_entry_of(image);
	uint8_t refusal = 0;

	if (image == &request_image) {
		return zephyr_wasm_rs_revoked(request, key_at, requested, message);
	}
	if (entry == NULL ? image->stored != 0 || zephyr_wasm_flash_has(image->wasm)
			  : entry->size != image->size) {
		/* The image is a copy that has outlived its entry. What is in flash there now has
		 * not been checked. */
		(void)zephyr_wasm_store_fail(message, 0, "is not installed any more");
		return ZEPHYR_WASM_REFUSED_FILE;
	}
	if (entry == NULL) {
		return 0;
	}
	source->validated = entry->image.validated;
	if (!entry->image.validated) {
		refusal = verify_entry(entry, message);
		/* Whoever signs a module has validated it. An image that can validate does so
		 * itself. */
		source->validated = entry->is_signed && !IS_ENABLED(CONFIG_WASM_VALIDATE);
	}
#ifdef CONFIG_WASM_COMPILED
	/* Not what a copy of the image says: it may be of a time when another key was trusted. */
	source->entry = (const void *)entry->image.entry;
	source->validated |= source->entry != NULL;
#endif
	return refusal;
}

/* The ids of the keys that have signed the programs in files that are loaded, by slot. */
static uint8_t signers[CONFIG_WASM_MAX_APPS][ZEPHYR_WASM_KEY_ID_SIZE];

/* Remembers which key has signed the program of the calling thread's app. Returns false if that key
 * was revoked just before: revoking looks for running programs only afterwards. */
static bool remember(const uint8_t id[ZEPHYR_WASM_KEY_ID_SIZE])
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		memcpy(signers[zephyr_wasm_slot_of(app)], id, sizeof(signers[0]));
	}
	return is_trusted(id);
}

static uint8_t verify_file(struct zephyr_wasm_source *source, const char *name, char *message)
{
	bool is_signed;
	uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE];
	uint8_t refusal;

	if (!is_loaded) {
		/* The revoked keys are not known. */
		(void)zephyr_wasm_store_fail(message, 0,
					     "cannot be checked: wasm_partition, which has the "
					     "keys that are revoked, cannot be read");
		return ZEPHYR_WASM_REFUSED_UNKNOWN_KEY;
	}
	refusal = verify(source->wasm, source->size, name, signer, &is_signed, message);
	if (refusal == 0) {
		refusal = zephyr_wasm_code_find(name, source->wasm, source->size, is_signed, signer,
						&source->entry, message);
	}
	source->validated =
		source->entry != NULL || (is_signed && !IS_ENABLED(CONFIG_WASM_VALIDATE));
	if (refusal == 0 && is_signed && !remember(signer)) {
		return refuse_revoked(message);
	}
	return refusal;
}

int zephyr_wasm_trust_verify(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source)
{
	const struct zephyr_wasm_image *image = app->image;
	uint8_t refusal;

	if (IS_ENABLED(CONFIG_WASM_WASI_PROGRAM_FILES) && image->path != NULL) {
		return verify_file(source, image->name, app->message);
	}
	refusal = verify_stored(image, source, app->message);
	/* A request to revoke a key is no app. It is only verified, and nothing runs. */
	return refusal == 0 && image == &request_image ? -ECANCELED : refusal;
}

void zephyr_wasm_trust_forget(const struct zephyr_wasm_app *app)
{
	memset(signers[zephyr_wasm_slot_of(app)], 0, sizeof(signers[0]));
}

/* Whether the app on a slot was signed by a key, and, if the app is in the store, its entry. */
static bool is_signed_by(const struct zephyr_wasm_app *app, const uint8_t *id, struct entry **entry)
{
	bool is_signed;

	k_sched_lock();
	*entry = app->loaded ? zephyr_wasm_entry_of(app->image) : NULL;
	is_signed = *entry != NULL && memcmp((*entry)->key, id, ZEPHYR_WASM_KEY_ID_SIZE) == 0;
	/* A program in a file. */
	is_signed |= app->loaded && app->image->path != NULL &&
		     memcmp(signers[zephyr_wasm_slot_of(app)], id, sizeof(signers[0])) == 0;
	k_sched_unlock();
	return is_signed;
}

/* Ends the app on a slot. Returns whether it was running, and not just called by somebody. */
static bool end(struct zephyr_wasm_app *app)
{
	bool ran = app->call == NULL && app->state != ZEPHYR_WASM_STATE_ENDED;

	(void)zephyr_wasm_stop(app, K_MSEC(CONFIG_WASM_STORE_STOP_MS));
	if (!app->held) {
		(void)zephyr_wasm_release(app);
	}
	return ran;
}

/* Ends all running apps and programs that a key has signed, whichever versions they are, and starts
 * versions that are still trusted. */
static void drop_signed_by(const uint8_t *key)
{
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	struct entry *entry;

	zephyr_wasm_rs_digest(key, ZEPHYR_WASM_KEY_SIZE, digest);
	/* A file may have a further signature, by a trusted key. That is checked before it starts.
	 */
	for (entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (memcmp(entry->key, digest, sizeof(entry->key)) == 0) {
			entry->image.validated = false;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(zephyr_wasm_apps); i++) {
		if (is_signed_by(&zephyr_wasm_apps[i], digest, &entry) &&
		    end(&zephyr_wasm_apps[i]) && entry != NULL) {
			entry->ran = true;
		}
	}
	for (entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		/* The version that is to run is checked when it starts. These are versions to go
		 * back to, and if they are not trusted any more, nobody may go back to them. */
		if (entry->state == ENTRY_INSTALLED &&
		    entry != zephyr_wasm_entry_current(entry->identity.name) &&
		    memcmp(entry->key, digest, sizeof(entry->key)) == 0) {
			(void)zephyr_wasm_check_found(entry);
		}
	}
	for (entry = NULL; (entry = zephyr_wasm_entry_next(entry)) != NULL;) {
		if (entry->ran && zephyr_wasm_find(entry->identity.name) == NULL) {
			zephyr_wasm_trial_start_again(entry->identity.name);
		}
		entry->ran = false;
	}
}

static int revoke(const uint8_t *key, char *message)
{
	struct record record = {.type = RECORD_REVOKED};
	int result;

	if (is_revoked(key)) {
		return 0;
	}
	if (revoked_count == ARRAY_SIZE(revoked_keys)) {
		return zephyr_wasm_store_fail(
			message, -ENOSPC,
			"%d keys are revoked already (CONFIG_WASM_STORE_REVOKED_KEY_COUNT)",
			CONFIG_WASM_STORE_REVOKED_KEY_COUNT);
	}
	memcpy(record.key, key, sizeof(record.key));
	result = zephyr_wasm_journal_write(&record);
	if (result != 0) {
		return zephyr_wasm_store_fail(message, -EIO, "the flash cannot be written");
	}
	note_revoked(key);
	LOG_WRN("store: key %02x%02x%02x%02x... is revoked", key[0], key[1], key[2], key[3]);
	drop_signed_by(key);
	return 0;
}

int zephyr_wasm_store_revoke_key(const uint8_t key[ZEPHYR_WASM_KEY_SIZE], char *message)
{
	int result = zephyr_wasm_store_change_begin(message);

	if (result == 0) {
		result = revoke(key, message);
		zephyr_wasm_store_change_end();
	}
	return result;
}

/* Only keys of this image can be revoked, so that the owner of one cannot fill the journal. */
static bool is_known(const uint8_t *key)
{
	const uint8_t *known;

	for (size_t i = 0; (known = known_key(i)) != NULL; i++) {
		if (memcmp(known, key, ZEPHYR_WASM_KEY_SIZE) == 0) {
			return true;
		}
	}
	return false;
}

static int serve(char *message)
{
	static struct zephyr_wasm_status status;

	if (zephyr_wasm_check_load(&request_image, &status) != 0) {
		return zephyr_wasm_store_fail(
			message, -ENOMEM,
			"the request cannot be checked: %d apps are loaded already "
			"(CONFIG_WASM_MAX_APPS)",
			CONFIG_WASM_MAX_APPS);
	}
	if (status.end != ZEPHYR_WASM_END_RETURNED) {
		return zephyr_wasm_store_fail(message, -EACCES, "the request %s", status.message);
	}
	if (!is_known(requested)) {
		return zephyr_wasm_store_fail(
			message, -ENOENT,
			"this image does not have that key (CONFIG_WASM_STORE_KEYS)");
	}
	return revoke(requested, message);
}

int zephyr_wasm_store_revoke(const void *bytes, size_t size, char *message)
{
	int result;

	if (size != sizeof(request)) {
		return zephyr_wasm_store_fail(message, -EINVAL,
					      "a request to revoke a key has %u bytes, as "
					      "of `zephyr-wasm revoke`",
					      (unsigned int)sizeof(request));
	}
	result = zephyr_wasm_store_change_begin(message);
	if (result == 0) {
		memcpy(request, bytes, sizeof(request));
		result = serve(message);
		zephyr_wasm_store_change_end();
	}
	return result;
}
