/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What clang calls for integers that a processor does not divide, multiply or shift by itself. GCC
 * has a library with these; clang has one for few boards, and most apps need no more of it than
 * this. All are weak: in a library, others may come with what else is taken of it.
 */

#include <stdint.h>

#define OWN __attribute__((weak))

/* A test on another machine has all of it. Cortex-M0 does not divide at all; nor does it shift
 * pairs of words or multiply to one, as Cortex-M23, which has the first Thumb instructions as well.
 */
#if (defined(__arm__) && !defined(__ARM_FEATURE_IDIV)) || defined(ZEPHYR_WASM_ALL_INTEGERS)
#define DIVIDES_NOTHING
#endif
#if (defined(__arm__) && !defined(__thumb2__)) || defined(ZEPHYR_WASM_ALL_INTEGERS)
#define HAS_NO_PAIRS
#endif

/* One bit after another. With 0, which no app divides by, it comes to an end as well. */
#define DIVIDE(name, type)                                                                         \
	static type name(type left, type right, type *rest)                                        \
	{                                                                                          \
		type quotient = 0, bit = 1;                                                        \
                                                                                                   \
		while (right < left && right >> (8 * sizeof(type) - 1) == 0 && right != 0) {       \
			right <<= 1;                                                               \
			bit <<= 1;                                                                 \
		}                                                                                  \
		for (; bit != 0; bit >>= 1, right >>= 1) {                                         \
			if (left >= right) {                                                       \
				left -= right;                                                     \
				quotient |= bit;                                                   \
			}                                                                          \
		}                                                                                  \
		*rest = left;                                                                      \
		return quotient;                                                                   \
	}

DIVIDE(divide_bits, uint64_t)

#if defined(DIVIDES_NOTHING)
DIVIDE(divide_short, uint32_t)
#else
static uint32_t divide_short(uint32_t left, uint32_t right, uint32_t *rest)
{
	*rest = left % right;
	return left / right;
}
#endif

OWN uint64_t __udivmoddi4(uint64_t left, uint64_t right, uint64_t *rest)
{
	uint32_t low_rest, quotient;

	if ((uint32_t)((left | right) >> 32) != 0 || right == 0) {
		return divide_bits(left, right, rest);
	}
	quotient = divide_short((uint32_t)left, (uint32_t)right, &low_rest);
	*rest = low_rest;
	return quotient;
}

/* Whether it is below 0: all of its bits, or none. */
static uint64_t sign_of(uint64_t number)
{
	return (uint64_t)0 - (number >> 63);
}

OWN uint64_t __divmoddi4(uint64_t left, uint64_t right, uint64_t *rest)
{
	uint64_t of_left = sign_of(left), of_right = sign_of(right), of_both = of_left ^ of_right;
	uint64_t quotient =
		__udivmoddi4((left ^ of_left) - of_left, (right ^ of_right) - of_right, rest);

	*rest = (*rest ^ of_left) - of_left;
	return (quotient ^ of_both) - of_both;
}

#if !defined(__arm__)
OWN uint64_t __udivdi3(uint64_t left, uint64_t right)
{
	uint64_t rest;

	return __udivmoddi4(left, right, &rest);
}

OWN uint64_t __umoddi3(uint64_t left, uint64_t right)
{
	uint64_t rest;

	(void)__udivmoddi4(left, right, &rest);
	return rest;
}

OWN uint64_t __divdi3(uint64_t left, uint64_t right)
{
	uint64_t rest;

	return __divmoddi4(left, right, &rest);
}

OWN uint64_t __moddi3(uint64_t left, uint64_t right)
{
	uint64_t rest;

	(void)__divmoddi4(left, right, &rest);
	return rest;
}
#else
/* The quotient in the first two registers, and what is left in the next two. */
#define BOTH(name, divide)                                                                         \
	OWN __attribute__((naked)) void name(void)                                                 \
	{                                                                                          \
		__asm__("push {r4, lr}\n\t"                                                        \
			"sub sp, #16\n\t"                                                          \
			"add r4, sp, #8\n\t"                                                       \
			"str r4, [sp]\n\t"                                                         \
			"bl " divide "\n\t"                                                        \
			"ldr r2, [sp, #8]\n\t"                                                     \
			"ldr r3, [sp, #12]\n\t"                                                    \
			"add sp, #16\n\t"                                                          \
			"pop {r4, pc}");                                                           \
	}

BOTH(__aeabi_uldivmod, "__udivmoddi4")
BOTH(__aeabi_ldivmod, "__divmoddi4")
#endif

#if defined(DIVIDES_NOTHING)
/* Of two words that are returned as one of 64 bits, the first is the quotient. */
OWN uint64_t __aeabi_uidivmod(uint32_t left, uint32_t right)
{
	uint32_t rest, quotient = divide_short(left, right, &rest);

	return (uint64_t)rest << 32 | quotient;
}

OWN uint64_t __aeabi_idivmod(uint32_t left, uint32_t right)
{
	uint32_t of_left = (uint32_t)0 - (left >> 31), of_right = (uint32_t)0 - (right >> 31);
	uint32_t of_both = of_left ^ of_right, rest;
	uint32_t quotient =
		divide_short((left ^ of_left) - of_left, (right ^ of_right) - of_right, &rest);

	return (uint64_t)((rest ^ of_left) - of_left) << 32 | ((quotient ^ of_both) - of_both);
}

OWN uint32_t __aeabi_uidiv(uint32_t left, uint32_t right)
{
	return (uint32_t)__aeabi_uidivmod(left, right);
}

OWN uint32_t __aeabi_idiv(uint32_t left, uint32_t right)
{
	return (uint32_t)__aeabi_idivmod(left, right);
}
#endif

#if defined(HAS_NO_PAIRS)
union halves {
	uint64_t whole;
	struct {
		uint32_t low;
		uint32_t high;
	};
};

OWN uint64_t __aeabi_llsl(uint64_t value, uint32_t count)
{
	union halves from = {value}, to;

	if (count >= 32) {
		to.low = 0;
		to.high = from.low << (count - 32);
	} else if (count == 0) {
		return value;
	} else {
		to.low = from.low << count;
		to.high = from.high << count | from.low >> (32 - count);
	}
	return to.whole;
}

OWN uint64_t __aeabi_llsr(uint64_t value, uint32_t count)
{
	union halves from = {value}, to;

	if (count >= 32) {
		to.high = 0;
		to.low = from.high >> (count - 32);
	} else if (count == 0) {
		return value;
	} else {
		to.high = from.high >> count;
		to.low = from.low >> count | from.high << (32 - count);
	}
	return to.whole;
}

OWN uint64_t __aeabi_lasr(uint64_t value, uint32_t count)
{
	union halves from = {value}, to;

	if (count >= 32) {
		to.high = (uint32_t)((int32_t)from.high >> 31);
		to.low = (uint32_t)((int32_t)from.high >> (count - 32));
	} else if (count == 0) {
		return value;
	} else {
		to.high = (uint32_t)((int32_t)from.high >> count);
		to.low = from.low >> count | from.high << (32 - count);
	}
	return to.whole;
}

/* By halves of words, as the product of two words has one word there. */
OWN uint64_t __aeabi_lmul(uint64_t left, uint64_t right)
{
	union halves a = {left}, b = {right}, product;
	uint32_t a_low = a.low & 0xffff, a_high = a.low >> 16;
	uint32_t b_low = b.low & 0xffff, b_high = b.low >> 16;
	uint32_t first = a_low * b_low, second = a_low * b_high + (first >> 16);
	uint32_t third = a_high * b_low + (second & 0xffff);

	product.low = third << 16 | (first & 0xffff);
	product.high = a_high * b_high + (second >> 16) + (third >> 16);
	product.high += a.low * b.high + a.high * b.low;
	return product.whole;
}

/* By halves: a loop over bits is one that a compiler knows, and would make a call of this of. */
OWN uint32_t __clzsi2(uint32_t value)
{
	uint32_t count = 0;

	if (value == 0) {
		return 32;
	}
	for (uint32_t step = 16; step > 0; step /= 2) {
		if (value >> (32 - step) == 0) {
			count += step;
			value <<= step;
		}
	}
	return count;
}
#endif
