/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the shell's command "wasm run" share: a line of programs, and what came of it.
 */

#ifndef ZEPHYR_WASM_SHELL_RUN_H_
#define ZEPHYR_WASM_SHELL_RUN_H_

#include <zephyr/shell/shell.h>

#include "wasi.h"

/** One program of a line. */
struct shell_stage {
	/* Its arguments, of which the first is what to run. */
	const char **args;
	size_t arg_count;
	/* The files that its streams lead to, if any. */
	const char *in;
	const char *out;
	const char *err;
	bool appends;
};

/** A line, in words. */
struct shell_line {
	struct shell_stage stages[CONFIG_WASM_SHELL_RUN_STAGE_COUNT];
	size_t stage_count;
	/* What all its programs are given. */
	const char *env[4];
	const char *dirs[4];
	const char *read_only[4];
	size_t env_count;
	size_t dir_count;
	size_t read_only_count;
	size_t memory;
	const char *args[CONFIG_SHELL_ARGC_MAX];
};

/** Reads a line; 0, or -EINVAL after telling what is wrong. */
int zephyr_wasm_shell_line_read(const struct shell *sh, size_t argc, char **argv,
				struct shell_line *line);

/** The shell as the terminal of one line of programs. */
void zephyr_wasm_terminal_begin(const struct shell *sh);

/** Its streams. */
struct zephyr_wasm_stream zephyr_wasm_terminal_in(void);
struct zephyr_wasm_stream zephyr_wasm_terminal_out(void);

/** Takes what was typed; false if that was Ctrl-C. */
bool zephyr_wasm_terminal_poll(void);

#endif /* ZEPHYR_WASM_SHELL_RUN_H_ */
