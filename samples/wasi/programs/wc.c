/* SPDX-License-Identifier: Apache-2.0 */

/* Counts the lines, words and bytes of its input. */

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>

int main(void)
{
	unsigned int lines = 0;
	unsigned int words = 0;
	unsigned int bytes = 0;
	bool in_word = false;
	int c;

	while ((c = getchar()) != EOF) {
		bytes++;
		lines += c == '\n';
		words += !isspace(c) && !in_word;
		in_word = !isspace(c);
	}
	printf("%u %u %u\n", lines, words, bytes);
	return 0;
}
