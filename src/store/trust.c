/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whom this image trusts: its keys, and what they have signed.
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
	uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE] = {0};
	bool is_signed;
	uint8_t refusal;

	if (entry == NULL || image->validated) {
		return 0;
	}
	refusal = verify(image->wasm, image->size, image->name, signer, &is_signed, message);
	if (refusal == 0) {
		entry->is_signed = is_signed;
		memcpy(entry->key, signer, sizeof(signer));
	}
	/* The signer has validated it; where the image can, it does so itself. */
	*validated = is_signed && !IS_ENABLED(CONFIG_WASM_VALIDATE);
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
