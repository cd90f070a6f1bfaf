/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What WASI programs in user mode may ask the kernel for. The gate calls these functions, each with
 * the arguments of the function that it is about, before it calls that. The runtime has checked the
 * same, and returned an error, so a program that is refused here has bypassed the runtime.
 */

#include <string.h>

#include <zephyr/kernel.h>

#include <zephyr_wasm/command.h>

#include "core/app.h"
#include "core/thread.h"
#include "files.h"
#include "wasi.h"
#include "zephyr_wasm_declared.h"

/* Of which directories of a program a path has to be. */
enum of {
	/* Those that it may change (`dirs`), or only read (`read-only`). */
	OF_ANY,
	OF_CHANGED,
};

static bool is_of_one(const char *const *dirs, size_t count, const char *path, size_t length,
		      bool inside)
{
	for (size_t i = 0; i < count; i++) {
		if (zephyr_wasm_rs_given_path(dirs[i], path, length, inside)) {
			return true;
		}
	}
	return false;
}

/* The rule for all paths: as the runtime makes them (rust/api/src/wasi/path.rs), and of a directory
 * that the calling program was given by whoever started it, or else by its manifest. With @p
 * inside, the directory itself is not meant. */
static bool is_granted(const char *path, size_t length, enum of of, bool inside)
{
	const struct zephyr_wasm_app *app = zephyr_wasm_current();
	const struct zephyr_wasm_image *image = app->image;
	const struct zephyr_wasm_command *own = zephyr_wasm_wasi_command();

	if (app->is_given) {
		return is_of_one(own->dirs, own->dir_count, path, length, inside) ||
		       (of == OF_ANY &&
			is_of_one(own->read_only, own->read_only_count, path, length, inside));
	}
	return zephyr_wasm_rs_granted_path(image->wasm, image->size, "dirs", path, length,
					   inside) ||
	       (of == OF_ANY && zephyr_wasm_rs_granted_path(image->wasm, image->size, "read-only",
							    path, length, inside));
}

bool zephyr_wasm_wasi_may_see(const char *path, size_t length, uint64_t *size)
{
	ARG_UNUSED(size);
	return is_granted(path, length, OF_ANY, false);
}

/* A directory that a program is given is made if it is not there. */
bool zephyr_wasm_wasi_may_make(const char *path, size_t length)
{
	return is_granted(path, length, OF_CHANGED, false);
}

bool zephyr_wasm_wasi_may_input(uint8_t *bytes, size_t size, bool wait)
{
	ARG_UNUSED(bytes);
	ARG_UNUSED(wait);
	return size <= WASI_AT_ONCE;
}

/* 0 is the input. */
bool zephyr_wasm_wasi_may_output(uint32_t number, const uint8_t *bytes, size_t size)
{
	ARG_UNUSED(bytes);
	return IN_RANGE(number, 1, 2) && size <= WASI_AT_ONCE;
}

bool zephyr_wasm_wasi_may_ask(uint32_t number)
{
	return number <= 2;
}

#ifdef CONFIG_WASM_WASI_FILES
bool zephyr_wasm_wasi_may_open(const char *path, size_t length, uint32_t how)
{
	/* File systems assert that what is emptied was opened for writing. */
	return ((how & WASI_TRUNCATE) == 0 || (how & WASI_WRITE) != 0) &&
	       is_granted(path, length, how == 0 ? OF_ANY : OF_CHANGED, how != 0);
}

bool zephyr_wasm_wasi_may_list(const char *path, size_t length)
{
	return is_granted(path, length, OF_ANY, false);
}

bool zephyr_wasm_wasi_may_remove(const char *path, size_t length)
{
	return is_granted(path, length, OF_CHANGED, true);
}

bool zephyr_wasm_wasi_may_rename(const char *from, size_t from_length, const char *to,
				 size_t to_length)
{
	return is_granted(from, from_length, OF_CHANGED, true) &&
	       is_granted(to, to_length, OF_CHANGED, true);
}

bool zephyr_wasm_wasi_may_use(uint32_t file)
{
	return zephyr_wasm_wasi_file_is_own(file, false);
}

bool zephyr_wasm_wasi_may_read(uint32_t file, uint64_t from, uint8_t *bytes, size_t size)
{
	ARG_UNUSED(from);
	ARG_UNUSED(bytes);
	return size <= WASI_AT_ONCE && zephyr_wasm_wasi_file_is_own(file, false);
}

bool zephyr_wasm_wasi_may_write(uint32_t file, uint64_t at, const uint8_t *bytes, size_t size)
{
	ARG_UNUSED(at);
	ARG_UNUSED(bytes);
	return size <= WASI_AT_ONCE && zephyr_wasm_wasi_file_is_own(file, true);
}

bool zephyr_wasm_wasi_may_resize(uint32_t file, uint64_t size)
{
	ARG_UNUSED(size);
	return zephyr_wasm_wasi_file_is_own(file, true);
}
#endif
