/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the shell command "wasm run" share: a line of programs, and the terminal.
 */

#ifndef ZEPHYR_WASM_SHELL_RUN_H_
#define ZEPHYR_WASM_SHELL_RUN_H_

#include <zephyr/shell/shell.h>

#include "wasi.h"

/** One program of a line. */
struct shell_stage {
	/* Its arguments. The first one is what to run. */
	const char **args;
	size_t arg_count;
	/* The files that its streams lead to, or NULL. */
	const char *in;
	const char *out;
	const char *err;
	bool appends;
};

/** A parsed line. */
struct shell_line {
	struct shell_stage stages[CONFIG_WASM_SHELL_RUN_STAGE_COUNT];
	size_t stage_count;
	/* What all programs of the line are given. */
	const char *env[4];
	const char *dirs[4];
	const char *read_only[4];
	size_t env_count;
	size_t dir_count;
	size_t read_only_count;
	size_t memory;
	const char *args[CONFIG_SHELL_ARGC_MAX];
};

/** Parses a line. Returns 0, or -EINVAL after printing what is wrong. */
int zephyr_wasm_shell_line_read(const struct shell *sh, size_t argc, char **argv,
				struct shell_line *line);

/** Makes the shell the terminal of a line of programs. */
void zephyr_wasm_terminal_begin(const struct shell *sh);

/** Return the streams of the terminal. */
struct zephyr_wasm_stream zephyr_wasm_terminal_in(void);
struct zephyr_wasm_stream zephyr_wasm_terminal_out(void);

/** Handles what was typed. Returns false if that was Ctrl-C. */
bool zephyr_wasm_terminal_poll(void);

#endif /* ZEPHYR_WASM_SHELL_RUN_H_ */
