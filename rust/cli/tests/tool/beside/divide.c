/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Compares the divisions of divide.c with this machine's.
 */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

float own_fdiv(float left, float right);
double own_ddiv(double left, double right);

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint64_t any(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static uint32_t bits_of_float(float number)
{
	uint32_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static uint64_t bits_of_double(double number)
{
	uint64_t bits;

	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static int floats(uint32_t left, uint32_t right)
{
	volatile float a, b;
	uint32_t is, expected;

	memcpy((void *)&a, &left, sizeof(left));
	memcpy((void *)&b, &right, sizeof(right));
	is = bits_of_float(own_fdiv(a, b));
	expected = bits_of_float(a / b);
	if ((expected & 0x7fffffff) > 0x7f800000) {
		expected = 0x7fc00000;
	}
	if (is != expected) {
		printf("%08x / %08x: %08x, not %08x\n", left, right, is, expected);
	}
	return is != expected;
}

static int doubles(uint64_t left, uint64_t right)
{
	volatile double a, b;
	uint64_t is, expected;

	memcpy((void *)&a, &left, sizeof(left));
	memcpy((void *)&b, &right, sizeof(right));
	is = bits_of_double(own_ddiv(a, b));
	expected = bits_of_double(a / b);
	if ((expected & 0x7fffffffffffffff) > 0x7ff0000000000000) {
		expected = 0x7ff8000000000000;
	}
	if (is != expected) {
		printf("%016llx / %016llx: %016llx, not %016llx\n", (unsigned long long)left,
		       (unsigned long long)right, (unsigned long long)is,
		       (unsigned long long)expected);
	}
	return is != expected;
}

/* The ends of all ranges: zeros, the smallest numbers with and without a first bit, one, the
 * largest, infinities, and NaN that are quiet and not. */
static const uint32_t float_ends[] = {
	0,          1,          2,          3,          0x00400000, 0x007ffffe, 0x007fffff,
	0x00800000, 0x00800001, 0x00ffffff, 0x01000000, 0x34000000, 0x3effffff, 0x3f7fffff,
	0x3f800000, 0x3f800001, 0x3fffffff, 0x40000000, 0x40400000, 0x4b800000, 0x7e800000,
	0x7f7ffffe, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000, 0x7fffffff,
};
static const uint64_t double_ends[] = {
	0,
	1,
	2,
	3,
	0x0008000000000000,
	0x000ffffffffffffe,
	0x000fffffffffffff,
	0x0010000000000000,
	0x0010000000000001,
	0x001fffffffffffff,
	0x0020000000000000,
	0x3ca0000000000000,
	0x3fdfffffffffffff,
	0x3fefffffffffffff,
	0x3ff0000000000000,
	0x3ff0000000000001,
	0x3fffffffffffffff,
	0x4000000000000000,
	0x4008000000000000,
	0x4340000000000000,
	0x7fd0000000000000,
	0x7feffffffffffffe,
	0x7fefffffffffffff,
	0x7ff0000000000000,
	0x7ff0000000000001,
	0x7ff8000000000000,
	0x7fffffffffffffff,
};

/* Calls it with each pair of ends, of both signs. */
static int ends(void)
{
	int wrong = 0;

	for (size_t left = 0; left < sizeof(float_ends) / sizeof(float_ends[0]); left++) {
		for (size_t right = 0; right < sizeof(float_ends) / sizeof(float_ends[0]);
		     right++) {
			for (uint64_t signs = 0; signs < 4; signs++) {
				wrong += floats(float_ends[left] | (uint32_t)(signs & 1) << 31,
						float_ends[right] | (uint32_t)(signs >> 1) << 31);
				wrong += doubles(double_ends[left] | (signs & 1) << 63,
						 double_ends[right] | (signs >> 1) << 63);
			}
		}
	}
	return wrong;
}

int main(void)
{
	int wrong = ends();

	for (int round = 0; round < 50000; round++) {
		uint64_t left = any();
		uint64_t right = any();
		/* Near the smallest number, where digits are lost. */
		uint64_t near = (right & 0x800fffffffffffff) | (uint64_t)(1000 + (any() & 63))
								       << 52;
		uint64_t small = (left & 0x803fffffffffffff);
		/* Few digits, so that there is something half way. */
		uint64_t few = 0xffff800000000000;

		wrong += floats((uint32_t)left, (uint32_t)right);
		wrong += floats((uint32_t)left & 0x81ffffff,
				((uint32_t)right & 0x807fffff) | (110u + (any() & 31)) << 23);
		wrong += floats((uint32_t)left & 0xfffff000, (uint32_t)right & 0xfffff000);
		wrong += doubles(left, right);
		wrong += doubles(small, near);
		wrong += doubles(left & few, right & few);
	}
	return wrong != 0;
}
