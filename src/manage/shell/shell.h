/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the shell command "wasm" share.
 */

#ifndef ZEPHYR_WASM_SHELL_H_
#define ZEPHYR_WASM_SHELL_H_

#include <zephyr/shell/shell.h>

#include <zephyr_wasm/zephyr_wasm.h>

/** Returns the image of an app. If there is none, prints that, and returns NULL. */
const struct zephyr_wasm_image *zephyr_wasm_shell_image(const struct shell *sh, const char *name);

/** Returns a loaded app. If there is none, prints that, and returns NULL. */
struct zephyr_wasm_app *zephyr_wasm_shell_app(const struct shell *sh, const char *name);

/* The handlers of the subcommands. */

int zephyr_wasm_shell_call(const struct shell *sh, size_t argc, char **argv);
int zephyr_wasm_shell_info(const struct shell *sh, size_t argc, char **argv);
int zephyr_wasm_shell_run(const struct shell *sh, size_t argc, char **argv);
int zephyr_wasm_shell_top(const struct shell *sh, size_t argc, char **argv);

#endif /* ZEPHYR_WASM_SHELL_H_ */
