/* SPDX-License-Identifier: Apache-2.0 */

#ifndef TESTS_KILLS_SLOW_FILES_H_
#define TESTS_KILLS_SLOW_FILES_H_

#include <stdbool.h>

#include <zephyr_wasm/command.h>

/** The standard streams of a program: they never end. */
extern const struct zephyr_wasm_stream slow_streams[3];

/** Has a program make the calls that files.c has by that number, over the file system, one at a
 * time. */
struct zephyr_wasm_app *slow_files_run(const struct zephyr_wasm_image *image, const char *calls,
				       const struct zephyr_wasm_stream streams[3]);

/** Mounts the file system at /slow, if that is not done. */
void slow_files_begin(void);

/** Whether nobody has a file or a list open. */
bool slow_files_are_closed(void);

#endif /* TESTS_KILLS_SLOW_FILES_H_ */
