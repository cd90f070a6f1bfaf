/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this folder share: programs, and their standard streams.
 */

#ifndef ZEPHYR_WASM_WASI_H_
#define ZEPHYR_WASM_WASI_H_

#include <errno.h>

#include <zephyr_wasm/command.h>

#include "core/app.h"
#include "core/wasi_sizes.h"

/** For a C library without it. */
#ifndef EDQUOT
#define EDQUOT 132
#endif

/** Converts a negative errno to a negative error of WASI's. Other numbers stay as they are. */
int32_t zephyr_wasm_wasi_result(ssize_t result);

/** Reads the file of an app, on the app's thread. Returns 0, or an enum zephyr_wasm_refusal. */
uint8_t zephyr_wasm_wasi_load(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source);

/** Forgets the file that was read for the last app in the slot, if that app ended before the engine
 * had loaded the file: the memory it was read into is given to others. */
void zephyr_wasm_wasi_forget(const struct zephyr_wasm_app *app);

/** Frees the file's bytes, when the engine does not need them any more. */
void zephyr_wasm_wasi_loaded(struct zephyr_wasm_app *app);

/** The grants that the calling program was started with in place of its manifest; NULL if it has
 * its manifest's. */
const struct zephyr_wasm_command *zephyr_wasm_wasi_command(void);

/** Whether a terminal just shows a text. What a program makes is called nothing else. */
bool zephyr_wasm_wasi_is_harmless(const char *text);

/** Opens a stream by its text in a manifest. Returns 0, or a negative errno. */
int zephyr_wasm_wasi_stream_open(const char *where, bool is_input,
				 struct zephyr_wasm_stream *stream);

/** Opens one end of a pipe, and makes the pipe if there is none of this name. Returns 0, -EINVAL
 * for a bad name, or -ENOMEM. */
int zephyr_wasm_wasi_pipe_open(const char *name, bool writes, struct zephyr_wasm_stream *stream);

/** Shows what a program writes on a terminal. Zeros are left out. The last character of a mark by
 * which the firmware begins a record (ZEPHYR_WASM_DUMP_MARK) is shown as a question mark. */
void zephyr_wasm_wasi_show(const char *text, size_t size,
			   void (*print)(const char *text, size_t size));

/** A stream that leads to the log. */
extern const struct zephyr_wasm_stream_api zephyr_wasm_wasi_log_api;

#endif /* ZEPHYR_WASM_WASI_H_ */
