/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Remembers which versions have failed their trial, and why. The versions themselves have been
 * erased by then.
 */

#include <string.h>

#include <zephyr/sys/util.h>

#include "store.h"

/* The latest failure comes first. Unused places have no name. */
static struct zephyr_wasm_store_failure failures[CONFIG_WASM_STORE_FAILURE_COUNT];

/* Returns the place of the failure of a name, or the last place, which has the oldest failure, if
 * there is none. */
static size_t place_of(const char *name)
{
	size_t place = 0;

	while (place < ARRAY_SIZE(failures) - 1 &&
	       strcmp(failures[place].identity.name, name) != 0) {
		place++;
	}
	return place;
}

void zephyr_wasm_failure_note(const struct zephyr_wasm_identity *identity, const char *message)
{
	memmove(&failures[1], &failures[0], place_of(identity->name) * sizeof(failures[0]));
	failures[0].identity = *identity;
	strncpy(failures[0].message, message, sizeof(failures[0].message) - 1);
}

void zephyr_wasm_failure_forget(const char *name)
{
	size_t place = place_of(name);

	if (strcmp(failures[place].identity.name, name) == 0) {
		memmove(&failures[place], &failures[place + 1],
			(ARRAY_SIZE(failures) - 1 - place) * sizeof(failures[0]));
		failures[ARRAY_SIZE(failures) - 1] = (struct zephyr_wasm_store_failure){0};
	}
}

int zephyr_wasm_store_failure(const char *name, struct zephyr_wasm_store_failure *failure)
{
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	int result = zephyr_wasm_store_change_begin(message);

	if (result != 0) {
		return result;
	}
	*failure = failures[place_of(name)];
	zephyr_wasm_store_change_end();
	return name[0] != '\0' && strcmp(failure->identity.name, name) == 0 ? 0 : -ENOENT;
}
