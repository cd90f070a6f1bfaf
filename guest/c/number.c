/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Numbers in texts, for an app in C.
 */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

int errno;

_Noreturn void abort(void)
{
	__builtin_trap();
}

static int digit_of(char c, int base)
{
	int digit = isdigit(c) ? c - '0' : isalpha(c) ? tolower(c) - 'a' + 10 : base;

	return digit < base ? digit : -1;
}

/* Reads the sign and digits of a number; at most `most`. */
static unsigned long read_number(const char *text, char **end, int base, bool *negative,
				 unsigned long most)
{
	const char *at = text;
	unsigned long number = 0;
	bool any = false;

	while (isspace(*at)) {
		at++;
	}
	*negative = *at == '-';
	at += *at == '-' || *at == '+';
	if ((base == 0 || base == 16) && at[0] == '0' && tolower(at[1]) == 'x' &&
	    digit_of(at[2], 16) >= 0) {
		at += 2;
		base = 16;
	}
	if (base == 0) {
		base = *at == '0' ? 8 : 10;
	}
	for (; digit_of(*at, base) >= 0; at++) {
		any = true;
		if (__builtin_mul_overflow(number, (unsigned long)base, &number) ||
		    __builtin_add_overflow(number, (unsigned long)digit_of(*at, base), &number) ||
		    number > most) {
			errno = ERANGE;
			number = most;
		}
	}
	if (end != NULL) {
		*end = (char *)(any ? at : text);
	}
	return number;
}

long strtol(const char *text, char **end, int base)
{
	bool negative = false;
	unsigned long number = read_number(text, end, base, &negative, (unsigned long)LONG_MAX + 1);

	if (!negative && number > LONG_MAX) {
		errno = ERANGE;
		return LONG_MAX;
	}
	return negative ? (long)(0 - number) : (long)number;
}

unsigned long strtoul(const char *text, char **end, int base)
{
	bool negative = false;
	unsigned long number = read_number(text, end, base, &negative, ULONG_MAX);

	return negative ? 0 - number : number;
}

int atoi(const char *text)
{
	return (int)strtol(text, NULL, 10);
}
