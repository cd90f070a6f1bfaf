/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app is given less memory than it needs, in small steps: so every allocation of its load, run
 * and end fails once, and each time it ends, and leaves nothing behind.
 */

#include <stdio.h>
#include <string.h>

#include <zephyr/sys/printk.h>

#include "common.h"

ZEPHYR_WASM_IMAGE_DECLARE(holder);

/* How its manifest says what memory it has. */
#define HEAP "heap 11111"

#define LEAST 1000
#define STEP  40

static uint8_t wasm[1024];

static void set_heap(char *line, size_t size)
{
	char text[sizeof(HEAP)];

	snprintf(text, sizeof(text), "heap %05u", (unsigned int)size);
	memcpy(line, text, sizeof(HEAP) - 1);
}

static char *find(const char *text, size_t size)
{
	for (size_t at = 0; at + strlen(text) <= size; at++) {
		if (memcmp(&wasm[at], text, strlen(text)) == 0) {
			return (char *)&wasm[at];
		}
	}
	return NULL;
}

ZTEST(runtime, test_any_allocation_may_fail)
{
	const struct zephyr_wasm_image *whole = ZEPHYR_WASM_IMAGE(holder);
	struct zephyr_wasm_image image = *whole;
	struct zephyr_wasm_status status;
	int failed = 0, well = 0;
	char *line;

	zassert_true(whole->size <= sizeof(wasm), "%zu bytes", whole->size);
	memcpy(wasm, whole->wasm, whole->size);
	image.wasm = wasm;
	line = find(HEAP, whole->size);
	zassert_not_null(line);
	/* Well ten times in a row: growth that it could do without may take what it needs later. */
	for (size_t size = LEAST; well < 10 && size <= CONFIG_WASM_APP_HEAP_SIZE; size += STEP) {
		set_heap(line, size);
		run(&image, false, &status);
		if (status.end == ZEPHYR_WASM_END_RETURNED) {
			zassert_equal(status.detail, 0);
			well++;
			continue;
		}
		well = 0;
		zassert_true(status.end == ZEPHYR_WASM_END_OUT_OF_MEMORY ||
				     status.end == ZEPHYR_WASM_END_REFUSED ||
				     status.end == ZEPHYR_WASM_END_TRAPPED,
			     "%zu bytes: end %d: %s", size, status.end, status.message);
		failed++;
	}
	zassert_equal(well, 10);
	zassert_true(failed > 50, "%d", failed);
}
