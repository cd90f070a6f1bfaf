/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Memory for what host APIs in C return: it lives until the call is done.
 */

#include <zephyr_wasm/host.h>

#include "internal.h"

/** Before each piece, with the alignment that any type needs. */
union given {
	union given *next;
	uint64_t align;
};

void *zephyr_wasm_give(size_t size)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();
	union given *piece;

	if (app == NULL || size > CONFIG_WASM_APP_HEAP_SIZE) {
		return NULL;
	}
	app->may_fail = true;
	piece = zephyr_wasm_alloc(sizeof(*piece) + size, __alignof__(union given));
	if (piece == NULL) {
		return NULL;
	}
	piece->next = app->given;
	app->given = piece;
	return piece + 1;
}

/* Called by the generated Rust as the result has been taken. */
void zephyr_wasm_given_free(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	while (app != NULL && app->given != NULL) {
		union given *piece = app->given;

		app->given = piece->next;
		zephyr_wasm_free(piece);
	}
}
