/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Division of floats for processors with the first Thumb instructions only. What libgcc has for
 * them looks addresses up in a table, and code that an app's file carries has no address yet.
 */

#include <stdint.h>

/* A kind of floats. */
struct kind {
	/* The bits of one, and those behind its exponent. */
	uint32_t width;
	uint32_t fraction;
};

/* Shifts a number that is too small for its exponent, until it is not. */
static int32_t normalize(uint64_t *number, uint64_t hidden, int32_t exponent)
{
	if (exponent > 0) {
		*number |= hidden;
		return exponent;
	}
	for (exponent = 1; (*number & hidden) == 0; exponent--) {
		*number <<= 1;
	}
	return exponent;
}

/* Divides numbers that are given as their bits, rounds to the nearest, and of two to the even one.
 * Without a number for it, the result is the canonical NaN. */
static uint64_t divide(struct kind kind, uint64_t left, uint64_t right)
{
	uint64_t hidden = (uint64_t)1 << kind.fraction;
	int32_t most = (1 << (kind.width - 1 - kind.fraction)) - 1;
	uint64_t infinity = (uint64_t)most << kind.fraction;
	uint64_t sign = (left ^ right) & (uint64_t)1 << (kind.width - 1);
	int32_t of_left = (int32_t)(left >> kind.fraction) & most;
	int32_t of_right = (int32_t)(right >> kind.fraction) & most;
	uint64_t rest = left & (hidden - 1);
	uint64_t divisor = right & (hidden - 1);
	uint64_t quotient = 0;
	int32_t exponent;

	if ((of_left == most && (rest != 0 || of_right == most)) ||
	    (of_right == most && divisor != 0)) {
		return infinity | hidden >> 1;
	}
	if (of_left == most) {
		return sign | infinity;
	}
	if (of_right == most) {
		return sign;
	}
	if (of_right == 0 && divisor == 0) {
		return of_left == 0 && rest == 0 ? infinity | hidden >> 1 : sign | infinity;
	}
	if (of_left == 0 && rest == 0) {
		return sign;
	}

	exponent = normalize(&rest, hidden, of_left);
	exponent += (most >> 1) - normalize(&divisor, hidden, of_right);
	if (rest < divisor) {
		rest <<= 1;
		exponent--;
	}
	/* The first bit is 1, and the last one is half of what counts. */
	for (uint32_t bits = kind.fraction + 2; bits > 0; bits--) {
		quotient <<= 1;
		if (rest >= divisor) {
			rest -= divisor;
			quotient |= 1;
		}
		rest <<= 1;
	}
	quotient = quotient << 1 | (rest != 0);

	if (exponent >= most) {
		return sign | infinity;
	}
	if (exponent < 1) {
		uint32_t lost = (uint32_t)(1 - exponent);

		if (lost > kind.fraction + 3) {
			lost = kind.fraction + 3;
		}
		rest = quotient & (((uint64_t)1 << lost) - 1);
		quotient = quotient >> lost | (rest != 0);
		exponent = 1;
	}
	/* The first bit adds one to the exponent. */
	rest = quotient & 3;
	quotient = (quotient >> 2) + ((uint64_t)(exponent - 1) << kind.fraction);
	if (rest > 2 || (rest == 2 && (quotient & 1) != 0)) {
		quotient++;
	}
	return sign | quotient;
}

float __aeabi_fdiv(float left, float right)
{
	union {
		float number;
		uint32_t bits;
	} a = {left}, b = {right};

	a.bits = (uint32_t)divide((struct kind){32, 23}, a.bits, b.bits);
	return a.number;
}

double __aeabi_ddiv(double left, double right)
{
	union {
		double number;
		uint64_t bits;
	} a = {left}, b = {right};

	a.bits = divide((struct kind){64, 52}, a.bits, b.bits);
	return a.number;
}
