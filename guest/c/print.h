/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of snprintf() share.
 */

#ifndef ZEPHYR_WASM_GUEST_PRINT_H_
#define ZEPHYR_WASM_GUEST_PRINT_H_

#include <stdbool.h>
#include <stddef.h>

/* A text that is being made. */
struct text {
	char *bytes;
	size_t size;
	size_t length;
};

/* How a value is shown. */
struct field {
	bool left;
	bool zeros;
	/* `#`: a base's prefix, and the point and zeros of a number that needs none. */
	bool alternate;
	/* What a positive number begins with: '+', ' ', or nothing. */
	char sign;
	size_t width;
	/* -1 if there is none. */
	int precision;
	/* The bytes of an integer. */
	size_t size;
	/* Said to be long, which no text here is. */
	bool wide;
};

/** A piece of what a field shows: some bytes, and zeros behind them. */
struct piece {
	const char *bytes;
	size_t length;
	size_t zeros;
};

/** Puts one byte. */
void print_put(struct text *text, char c);

/** Puts a prefix (a sign, a base) and pieces, with what fills the field. */
void print_pieces(struct text *text, const struct field *field, const char *prefix,
		  const struct piece *pieces, size_t count);

/** Writes a number's digits before `end`, and says where they begin. */
char *print_digits(char *end, unsigned long long number, unsigned int base, bool upper);

/** Puts a number of a `kind` in "eEfFgG". */
void print_double(struct text *text, const struct field *field, double number, char kind);

#endif /* ZEPHYR_WASM_GUEST_PRINT_H_ */
