/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Programs in files. On the app's thread, a file is read into the app's memory, and is freed as
 * soon as the engine has taken what it needs from it.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/kernel.h>

#include "core/app.h"
#include "core/mark.h"
#include "core/module.h"
#include "core/region.h"
#include "core/slots.h"
#include "files.h"
#include "wasi.h"

/* How many bytes are read at once. In between, a kill can come, and other programs can use files.
 */
#define AT_ONCE 4096

/* The bytes of each app's file, by slot. */
static void *files[CONFIG_WASM_MAX_APPS];

/* Writes the reason of a refusal to the app's message, and returns its number. */
static uint8_t refuse(struct zephyr_wasm_app *app, uint8_t why, const char *text, int number)
{
	snprintk(app->message, sizeof(app->message), text, app->image->path, number);
	return why;
}

uint8_t zephyr_wasm_wasi_load(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source)
{
	const char *path = app->image->path;
	uint64_t length;
	int32_t found;
	uint8_t *bytes;
	size_t size;
	int file;

	found = zephyr_wasm_path_stat(path, strlen(path), &length);
	if (found > 0) {
		return refuse(app, ZEPHYR_WASM_REFUSED_FILE, "%s is a directory", 0);
	}
	file = found == zephyr_wasm_wasi_result(-ENOENT)
		       ? -ENOENT
		       : zephyr_wasm_wasi_file_open(path, false, false, false);
	if (file == -ENOENT) {
		return refuse(app, ZEPHYR_WASM_REFUSED_FILE, "%s: no such file", 0);
	}
	if (file < 0) {
		return refuse(app, ZEPHYR_WASM_REFUSED_FILE, "%s cannot be opened: %d", file);
	}
	size = MIN(zephyr_wasm_file_size(file), INT32_MAX);
	/* Its machine code may run where it is. */
	bytes = zephyr_wasm_region_take(app, MAX(size, 1), sizeof(uint64_t));
	if (bytes == NULL) {
		zephyr_wasm_wasi_file_end(file);
		return refuse(app, ZEPHYR_WASM_REFUSED_MEMORY,
			      "%s has %d bytes, which do not fit the memory of an app: raise "
			      "CONFIG_WASM_APP_HEAP_SIZE",
			      (int)size);
	}
	for (size_t done = 0; done < size;) {
		ssize_t got = zephyr_wasm_wasi_file_read_on(file, bytes + done,
							    MIN(size - done, AT_ONCE));

		if (got <= 0) {
			zephyr_wasm_wasi_file_end(file);
			zephyr_wasm_region_give(app, bytes);
			return refuse(app, ZEPHYR_WASM_REFUSED_FILE, "%s cannot be read: %d",
				      (int)got);
		}
		done += got;
		zephyr_wasm_let_kill_come();
	}
	zephyr_wasm_wasi_file_end(file);
	*source = (struct zephyr_wasm_source){.wasm = bytes, .size = size};
	files[zephyr_wasm_slot_of(app)] = bytes;
	return 0;
}

void zephyr_wasm_wasi_forget(const struct zephyr_wasm_app *app)
{
	files[zephyr_wasm_slot_of(app)] = NULL;
}

/* In user mode, user/region.c frees it: the kernel does not touch the app's heap any more. */
void zephyr_wasm_wasi_loaded(struct zephyr_wasm_app *app)
{
	void **file = &files[zephyr_wasm_slot_of(app)];

	/* With calls by name, the engine needs the file as long as the app runs; and machine code
	 * is in it. */
	if (!IS_ENABLED(CONFIG_WASM_CALL) && !app->compiled) {
		zephyr_wasm_region_give(app, *file);
		*file = NULL;
	}
}
