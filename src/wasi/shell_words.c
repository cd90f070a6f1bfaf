/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Parses the words of "wasm run": options, programs and their arguments, and redirections.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shell_run.h"

struct words {
	size_t count;
	char **all;
	size_t next;
};

/* Returns the text after a sign, in the same word or in the next one; NULL if there is none. */
static const char *value_of(struct words *words, const char *word, const char *sign)
{
	const char *rest = word + strlen(sign);

	if (*rest != '\0') {
		return rest;
	}
	return words->next < words->count ? words->all[words->next++] : NULL;
}

static bool add(const char **list, size_t *count, size_t most, const char *text)
{
	if (*count == most) {
		return false;
	}
	list[(*count)++] = text;
	return true;
}

/* Parses an option. Returns 0, 1 if the word is no option, or -EINVAL. */
static int read_option(struct words *words, struct shell_line *line)
{
	const char *word = words->all[words->next];
	const char *value;
	char *end;
	bool fits = true;

	if (word[0] != '-' || word[1] == '\0' || strchr("mdre", word[1]) == NULL) {
		return 1;
	}
	words->next++;
	value = value_of(words, word, "-m");
	if (value == NULL) {
		return -EINVAL;
	}
	switch (word[1]) {
	case 'm':
		line->memory = strtoul(value, &end, 0);
		fits = *end == '\0' && line->memory > 0;
		break;
	case 'd':
		fits = add(line->dirs, &line->dir_count, ARRAY_SIZE(line->dirs), value);
		break;
	case 'r':
		fits = add(line->read_only, &line->read_only_count, ARRAY_SIZE(line->read_only),
			   value);
		break;
	default:
		fits = add(line->env, &line->env_count, ARRAY_SIZE(line->env), value);
		break;
	}
	return fits ? 0 : -EINVAL;
}

/* Parses a redirection. Returns 0, 1 if the word is none, or -EINVAL. */
static int read_redirection(struct words *words, const char *word, struct shell_stage *stage)
{
	static const char *const signs[] = {"2>", ">>", ">", "<"};
	size_t which = 0;
	const char *path;

	while (which < ARRAY_SIZE(signs) &&
	       strncmp(word, signs[which], strlen(signs[which])) != 0) {
		which++;
	}
	if (which == ARRAY_SIZE(signs)) {
		return 1;
	}
	path = value_of(words, word, signs[which]);
	if (path == NULL) {
		return -EINVAL;
	}
	if (which == 0) {
		stage->err = path;
	} else if (which == 3) {
		stage->in = path;
	} else {
		stage->out = path;
		stage->appends = which == 1;
	}
	return 0;
}

int zephyr_wasm_shell_line_read(const struct shell *sh, size_t argc, char **argv,
				struct shell_line *line)
{
	struct words words = {.count = argc, .all = argv, .next = 1};
	struct shell_stage *stage = line->stages;
	size_t used = 0;
	int result = 0;

	memset(line, 0, sizeof(*line));
	while (words.next < words.count && result == 0) {
		result = read_option(&words, line);
	}
	if (result < 0) {
		shell_error(sh, "%s: a value is missing, is no number, or there are more than %d",
			    argv[words.next - 1], (int)ARRAY_SIZE(line->dirs));
		return -EINVAL;
	}
	stage->args = line->args;
	line->stage_count = 1;
	while (words.next < words.count) {
		const char *word = words.all[words.next++];

		if (strcmp(word, "|") == 0) {
			if (line->stage_count == ARRAY_SIZE(line->stages)) {
				shell_error(
					sh,
					"more than %d programs (CONFIG_WASM_SHELL_RUN_STAGE_COUNT)",
					CONFIG_WASM_SHELL_RUN_STAGE_COUNT);
				return -EINVAL;
			}
			stage = &line->stages[line->stage_count++];
			stage->args = &line->args[used];
			continue;
		}
		result = read_redirection(&words, word, stage);
		if (result < 0) {
			shell_error(sh, "%s: a file is missing", word);
			return -EINVAL;
		}
		if (result == 1) {
			line->args[used++] = word;
			stage->arg_count++;
		}
	}
	for (size_t i = 0; i < line->stage_count; i++) {
		if (line->stages[i].arg_count == 0) {
			shell_error(sh, "a program is missing");
			return -EINVAL;
		}
	}
	return 0;
}
