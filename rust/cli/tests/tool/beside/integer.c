/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Compares the functions of integer.c with this machine's operations.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

uint64_t own_udivdi3(uint64_t left, uint64_t right);
uint64_t own_umoddi3(uint64_t left, uint64_t right);
uint64_t own_divdi3(uint64_t left, uint64_t right);
uint64_t own_moddi3(uint64_t left, uint64_t right);
uint32_t own_clzsi2(uint32_t value);
uint64_t __aeabi_uidivmod(uint32_t left, uint32_t right);
uint64_t __aeabi_idivmod(uint32_t left, uint32_t right);
uint32_t __aeabi_uidiv(uint32_t left, uint32_t right);
uint32_t __aeabi_idiv(uint32_t left, uint32_t right);
uint64_t __aeabi_llsl(uint64_t value, uint32_t count);
uint64_t __aeabi_llsr(uint64_t value, uint32_t count);
uint64_t __aeabi_lasr(uint64_t value, uint32_t count);
uint64_t __aeabi_lmul(uint64_t left, uint64_t right);

static uint64_t state = 0x9e3779b97f4a7c15u;

static uint64_t any(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	/* Of any size. */
	return state >> (state & 63);
}

static int is(const char *what, uint64_t left, uint64_t right, uint64_t found, uint64_t expected)
{
	if (found != expected) {
		printf("%s of %016llx and %016llx: %016llx, not %016llx\n", what,
		       (unsigned long long)left, (unsigned long long)right,
		       (unsigned long long)found, (unsigned long long)expected);
	}
	return found == expected;
}

/* What C does not define, no app computes. */
static int long_pair(uint64_t left, uint64_t right)
{
	int64_t a = (int64_t)left, b = (int64_t)right;
	int right_too = is("product", left, right, __aeabi_lmul(left, right), left * right);

	if (right == 0) {
		return right_too;
	}
	right_too &= is("quotient", left, right, own_udivdi3(left, right), left / right) &
		     is("rest", left, right, own_umoddi3(left, right), left % right);
	if (a == INT64_MIN && b == -1) {
		return right_too;
	}
	return right_too & is("signed quotient", left, right, own_divdi3(left, right), a / b) &
	       is("signed rest", left, right, own_moddi3(left, right), a % b);
}

static int short_pair(uint32_t left, uint32_t right)
{
	int32_t a = (int32_t)left, b = (int32_t)right;
	int all;

	if (right == 0) {
		return 1;
	}
	all = is("short", left, right, __aeabi_uidivmod(left, right),
		 (uint64_t)(left % right) << 32 | left / right) &
	      is("short quotient", left, right, __aeabi_uidiv(left, right), left / right);
	if (a == INT32_MIN && b == -1) {
		return all;
	}
	return all &
	       is("signed short", left, right, __aeabi_idivmod(left, right),
		  (uint64_t)(uint32_t)(a % b) << 32 | (uint32_t)(a / b)) &
	       is("signed short quotient", left, right, __aeabi_idiv(left, right),
		  (uint32_t)(a / b));
}

static int shifts(uint64_t value)
{
	int all = 1;

	for (uint32_t count = 0; count < 64; count++) {
		all &= is("shift left", value, count, __aeabi_llsl(value, count), value << count) &
		       is("shift right", value, count, __aeabi_llsr(value, count), value >> count) &
		       is("signed shift", value, count, __aeabi_lasr(value, count),
			  (uint64_t)((int64_t)value >> count));
	}
	return all;
}

static int zeros(uint32_t value)
{
	return is("zeros", value, 0, own_clzsi2(value),
		  value == 0 ? 32 : (uint64_t)__builtin_clz(value));
}

static int pair(uint64_t left, uint64_t right)
{
	return long_pair(left, right) & short_pair((uint32_t)left, (uint32_t)right);
}

/* The ends of all ranges, and what is beside them. */
static const uint64_t ends[] = {
	0,
	1,
	2,
	3,
	7,
	10,
	0x7fffffff,
	0x80000000,
	0x80000001,
	0xfffffffe,
	0xffffffff,
	0x100000000,
	0x100000001,
	0x7fffffff00000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	0x8000000000000001,
	0xfffffffeffffffff,
	0xffffffff00000000,
	0xffffffff80000000,
	0xfffffffffffffffe,
	0xffffffffffffffff,
};

int main(void)
{
	int all = 1;

	for (size_t left = 0; left < sizeof(ends) / sizeof(ends[0]); left++) {
		for (size_t right = 0; right < sizeof(ends) / sizeof(ends[0]); right++) {
			all &= pair(ends[left], ends[right]);
		}
		all &= shifts(ends[left]) & zeros((uint32_t)ends[left]);
	}
	for (int round = 0; round < 50000; round++) {
		uint64_t left = any();

		all &= pair(left, any()) & zeros((uint32_t)any());
		if (round % 16 == 0) {
			all &= shifts(any());
		}
	}
	return !all;
}
