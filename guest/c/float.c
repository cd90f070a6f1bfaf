/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Floating-point numbers of snprintf(), right to 14 digits.
 */

#include <stdint.h>
#include <string.h>

#include "print.h"

/* The most digits that a double tells apart. */
#define DIGITS 17

/* What is below fits 64 bits. */
#define WHOLE 0x1p63

/* 10 to the power of that. */
static uint64_t power(unsigned int of)
{
	uint64_t number = 1;

	for (; of > 0; of--) {
		number *= 10;
	}
	return number;
}

/* A positive number that is below 2^63, as the nearest integer, the even one of two. */
static uint64_t rounded(double number)
{
	uint64_t whole = (uint64_t)number;
	double rest = number - (double)whole;

	return whole + (rest > 0.5 || (rest == 0.5 && (whole & 1) != 0));
}

/* A positive number as one from 1 to below 10 and the power of 10 that it is taken times. */
static double normalised(double number, int *exponent)
{
	static const double powers[] = {1e256, 1e128, 1e64, 1e32, 1e16, 1e8, 1e4, 1e2, 1e1};

	*exponent = 0;
	if (number == 0) {
		return 0;
	}
	if (number < 1e-290) {
		number *= 1e32;
		*exponent = -32;
	}
	for (size_t i = 0; i < sizeof(powers) / sizeof(powers[0]); i++) {
		int of = 256 >> i;

		while (number >= powers[i]) {
			number /= powers[i];
			*exponent += of;
		}
		while (number < 1 && number * powers[i] < 10) {
			number *= powers[i];
			*exponent -= of;
		}
	}
	return number;
}

/* The first digits of a positive number, so many behind the first, and its power of 10. */
static uint64_t digits_of(double number, unsigned int behind, int *exponent)
{
	double first = normalised(number, exponent);
	int shift = (int)behind - *exponent;
	uint64_t digits;

	/* Those powers are exact, and so is what lies between two digits. */
	if (shift >= 0 && shift <= 19) {
		digits = rounded(number * (double)power(shift));
	} else if (shift < 0 && shift >= -19) {
		digits = rounded(number / (double)power(-shift));
	} else {
		digits = rounded(first * (double)power(behind));
	}
	if (digits >= power(behind + 1)) {
		digits /= 10;
		++*exponent;
	}
	return digits;
}

struct parts {
	/* A point and digits, or nothing. */
	char before[24];
	char behind[DIGITS + 3];
	char exponent[6];
};

/* The digits behind a point, so many of them. */
static struct piece fraction(char *bytes, uint64_t digits, unsigned int count, size_t zeros)
{
	bytes[0] = '.';
	memset(bytes + 1, '0', count);
	if (digits != 0) {
		char *end = bytes + 1 + count;

		(void)print_digits(end, digits, 10, false);
	}
	return (struct piece){.bytes = bytes, .length = 1 + count, .zeros = zeros};
}

/* Takes off the zeros at the end of a fraction, and its point if nothing else is left. */
static void shorten(struct piece *fraction)
{
	fraction->zeros = 0;
	while (fraction->length > 0 && fraction->bytes[fraction->length - 1] == '0') {
		fraction->length--;
	}
	if (fraction->length == 1) {
		fraction->length = 0;
	}
}

static size_t as_fixed(double number, unsigned int precision, struct parts *parts,
		       struct piece *pieces)
{
	unsigned int behind = precision < DIGITS ? precision : DIGITS;
	char *end = parts->before + sizeof(parts->before);
	uint64_t whole;
	uint64_t part = 0;
	size_t zeros = 0;
	char *at;

	if (number < WHOLE) {
		whole = (uint64_t)number;
		part = rounded((number - (double)whole) * (double)power(behind));
		/* Without a fraction, halves go to the even one of two wholes. */
		if (behind == 0) {
			whole = rounded(number);
			part = 0;
		} else if (part >= power(behind)) {
			part -= power(behind);
			whole++;
		}
	} else {
		int exponent;

		whole = digits_of(number, DIGITS - 1, &exponent);
		for (; exponent < DIGITS - 1; exponent++) {
			whole /= 10;
		}
		zeros = exponent - (DIGITS - 1);
	}
	at = print_digits(end, whole, 10, false);
	pieces[0] = (struct piece){.bytes = at, .length = end - at, .zeros = zeros};
	pieces[1] = fraction(parts->behind, part, behind, precision - behind);
	return 2;
}

static size_t as_power(double number, unsigned int precision, bool upper, struct parts *parts,
		       struct piece *pieces)
{
	unsigned int behind = precision < DIGITS - 1 ? precision : DIGITS - 1;
	char *end = parts->exponent + sizeof(parts->exponent);
	int exponent;
	uint64_t digits = digits_of(number, behind, &exponent);
	char *at = print_digits(end, exponent < 0 ? -exponent : exponent, 10, false);

	if (end - at < 2) {
		*--at = '0';
	}
	*--at = exponent < 0 ? '-' : '+';
	*--at = upper ? 'E' : 'e';
	parts->before[0] = (char)('0' + digits / power(behind));
	pieces[0] = (struct piece){.bytes = parts->before, .length = 1};
	pieces[1] = fraction(parts->behind, digits % power(behind), behind, precision - behind);
	pieces[2] = (struct piece){.bytes = at, .length = end - at};
	return 3;
}

void print_double(struct text *text, const struct field *field, double number, char kind)
{
	bool upper = kind < 'a';
	bool negative = __builtin_signbit(number) != 0;
	char prefix[] = {negative ? '-' : field->sign, '\0'};
	unsigned int precision = field->precision < 0 ? 6 : (unsigned int)field->precision;
	struct piece pieces[3];
	struct parts parts;
	size_t count;

	number = negative ? -number : number;
	if (number != number || number > __DBL_MAX__) {
		struct field own = *field;

		own.zeros = false;
		pieces[0].bytes =
			number == number ? (upper ? "INF" : "inf") : (upper ? "NAN" : "nan");
		pieces[0].length = 3;
		pieces[0].zeros = 0;
		print_pieces(text, &own, prefix, pieces, 1);
		return;
	}
	kind = upper ? (char)(kind - 'A' + 'a') : kind;
	if (kind == 'g') {
		unsigned int shown = precision == 0 ? 1 : precision;
		int exponent;

		(void)digits_of(number, (shown < DIGITS ? shown : DIGITS) - 1, &exponent);
		kind = exponent < -4 || exponent >= (int)shown ? 'e' : 'f';
		precision = kind == 'e' ? shown - 1 : shown - 1 - exponent;
		count = kind == 'e' ? as_power(number, precision, upper, &parts, pieces)
				    : as_fixed(number, precision, &parts, pieces);
		if (!field->alternate) {
			shorten(&pieces[1]);
		}
	} else {
		count = kind == 'e' ? as_power(number, precision, upper, &parts, pieces)
				    : as_fixed(number, precision, &parts, pieces);
		if (precision == 0 && !field->alternate) {
			pieces[1].length = 0;
		}
	}
	print_pieces(text, field, prefix, pieces, count);
}
