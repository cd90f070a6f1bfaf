/* SPDX-License-Identifier: Apache-2.0 */

/* Copies files, or else its input, to its output. */

#include <stdio.h>

static int copy(FILE *from)
{
	int c;

	while ((c = getc(from)) != EOF) {
		if (putchar(c) == EOF) {
			return 1;
		}
	}
	return ferror(from);
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc == 1) {
		return copy(stdin);
	}
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "r");

		if (file == NULL) {
			perror(argv[i]);
			failed = 1;
			continue;
		}
		failed |= copy(file);
		fclose(file);
	}
	return failed;
}
