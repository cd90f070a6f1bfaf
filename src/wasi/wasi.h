/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this folder share: programs, and where their standard streams lead.
 */

#ifndef ZEPHYR_WASM_WASI_H_
#define ZEPHYR_WASM_WASI_H_

#include <errno.h>

#include <zephyr_wasm/command.h>

#include "core/app.h"

/** The longest path with its final zero. */
#define WASI_PATH_SIZE 256

/** Of a C library that has none. */
#ifndef EDQUOT
#define EDQUOT 132
#endif

/** What an errno is to WASI, negative; what is not negative stays. */
int32_t zephyr_wasm_wasi_result(ssize_t result);

/** Reads the file of an app on its thread: 0, or an enum zephyr_wasm_refusal. */
uint8_t zephyr_wasm_wasi_load(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source);

/** Forgets what was read for the last start on the slot of an app, if that has ended before it was
 * loaded: it was in memory that is given anew. */
void zephyr_wasm_wasi_forget(const struct zephyr_wasm_app *app);

/** Frees what was read, of which nothing is needed any more. */
void zephyr_wasm_wasi_loaded(const struct zephyr_wasm_app *app);

/** Opens a stream as a manifest names it: 0, or a negative errno. */
int zephyr_wasm_wasi_stream_open(const char *where, bool is_input,
				 struct zephyr_wasm_stream *stream);

/** Either end of a pipe, which is made if there is none of that name. */
int zephyr_wasm_wasi_pipe_open(const char *name, bool writes, struct zephyr_wasm_stream *stream);

/** Shows what a program writes to a terminal, without zeros, and with a question mark in what could
 * be taken for a record of the firmware's (ZEPHYR_WASM_DUMP_MARK). */
void zephyr_wasm_wasi_show(const char *text, size_t size,
			   void (*print)(const char *text, size_t size));

/** The log as a stream. */
extern const struct zephyr_wasm_stream_api zephyr_wasm_wasi_log_api;

#endif /* ZEPHYR_WASM_WASI_H_ */
