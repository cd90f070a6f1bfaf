/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Memory for values that host APIs in C return. It is freed at the end of the host call.
 */

#include <zephyr_wasm/host.h>

#include "app.h"
#include "give.h"

/** The header before each allocation, with the alignment that any type needs. */
union given {
	union given *next;
	uint64_t align;
};

void *zephyr_wasm_give(size_t size)
{
	union given **list = zephyr_wasm_given_list();
	union given *piece;

	if (list == NULL || size > CONFIG_WASM_APP_HEAP_SIZE) {
		return NULL;
	}
	zephyr_wasm_next_allocation_may_fail();
	piece = zephyr_wasm_alloc(sizeof(*piece) + size, __alignof__(union given));
	if (piece == NULL) {
		return NULL;
	}
	piece->next = *list;
	*list = piece;
	return piece + 1;
}

void zephyr_wasm_given_free(void)
{
	union given **list = zephyr_wasm_given_list();

	while (list != NULL && *list != NULL) {
		union given *piece = *list;

		*list = piece->next;
		zephyr_wasm_free(piece);
	}
}
