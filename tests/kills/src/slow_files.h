/* SPDX-License-Identifier: Apache-2.0 */

#ifndef TESTS_KILLS_SLOW_FILES_H_
#define TESTS_KILLS_SLOW_FILES_H_

#include <stdbool.h>

#include <zephyr_wasm/command.h>

/** A standard stream of a program; it never ends. */
extern const struct zephyr_wasm_stream_api slow_stream;

/** Mounts the file system at /slow. */
void slow_files_begin(void);

/** Whether nobody has a file or a list open. */
bool slow_files_are_closed(void);

#endif /* TESTS_KILLS_SLOW_FILES_H_ */
