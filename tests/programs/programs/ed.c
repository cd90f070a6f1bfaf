/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A line editor, after ed(1): a (append, until a line with a dot), d (delete), p (print), n (with
 * numbers), w (write), q (quit), a number (go there), and 1,$ before d, p and n for all lines.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES 64
#define WIDTH 80

static char *lines[LINES];
static int count;
static int current;

static void load(const char *path)
{
	char line[WIDTH];
	FILE *file = fopen(path, "r");

	while (file != NULL && count < LINES && fgets(line, sizeof(line), file) != NULL) {
		lines[count++] = strdup(line);
	}
	if (file != NULL) {
		fclose(file);
	}
	current = count;
}

static bool save(const char *path)
{
	FILE *file = fopen(path, "w");

	for (int i = 0; file != NULL && i < count; i++) {
		fputs(lines[i], file);
	}
	return file != NULL && fclose(file) == 0;
}

static void append(void)
{
	char line[WIDTH];

	while (fgets(line, sizeof(line), stdin) != NULL && strcmp(line, ".\n") != 0) {
		if (count == LINES) {
			puts("?");
			continue;
		}
		memmove(&lines[current + 1], &lines[current], (count - current) * sizeof(lines[0]));
		lines[current++] = strdup(line);
		count++;
	}
}

static void delete(int first, int last)
{
	for (int i = first; i <= last; i++) {
		free(lines[i - 1]);
	}
	memmove(&lines[first - 1], &lines[last], (count - last) * sizeof(lines[0]));
	count -= last - first + 1;
	current = first > count ? count : first;
}

int main(int argc, char **argv)
{
	char command[WIDTH];

	if (argc != 2) {
		fputs("ed: a file is missing\n", stderr);
		return 1;
	}
	load(argv[1]);
	while (fgets(command, sizeof(command), stdin) != NULL) {
		bool all = strncmp(command, "1,$", 3) == 0;
		char *what = command + (all ? 3 : 0);
		int first = all ? 1 : current;
		int last = all ? count : current;
		int number = atoi(what);

		if (number > 0 && number <= count) {
			current = number;
			fputs(lines[current - 1], stdout);
		} else if (what[0] == 'a') {
			append();
		} else if (what[0] == 'd' && first > 0 && last > 0) {
			delete(first, last);
		} else if ((what[0] == 'p' || what[0] == 'n') && first > 0) {
			for (int i = first; i <= last; i++) {
				if (what[0] == 'n') {
					printf("%d ", i);
				}
				fputs(lines[i - 1], stdout);
			}
		} else if (what[0] == 'w' && save(argv[1])) {
			printf("%d lines\n", count);
		} else if (what[0] == 'q') {
			return 0;
		} else {
			puts("?");
		}
	}
	return 0;
}
