/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What compilers call for pieces of memory. Code that an app's file carries has its own: it calls
 * nothing but what the firmware hands to it.
 */

#include <stddef.h>
#include <stdint.h>

typedef uint32_t __attribute__((may_alias)) word;

/* Whether both are at the same place within a word. */
static int fit(const void *left, const void *right)
{
	return (((uintptr_t)left ^ (uintptr_t)right) & (sizeof(word) - 1)) == 0;
}

static int begins_word(const void *at)
{
	return ((uintptr_t)at & (sizeof(word) - 1)) == 0;
}

void *memcpy(void *to, const void *from, size_t count)
{
	uint8_t *into = to;
	const uint8_t *of = from;

	if (fit(into, of)) {
		for (; count > 0 && !begins_word(into); count--) {
			*into++ = *of++;
		}
		for (; count >= sizeof(word); count -= sizeof(word)) {
			*(word *)into = *(const word *)of;
			into += sizeof(word);
			of += sizeof(word);
		}
	}
	for (; count > 0; count--) {
		*into++ = *of++;
	}
	return to;
}

void *memmove(void *to, const void *from, size_t count)
{
	uint8_t *into = (uint8_t *)to + count;
	const uint8_t *of = (const uint8_t *)from + count;

	if ((uintptr_t)to - (uintptr_t)from >= count) {
		return memcpy(to, from, count);
	}
	if (fit(into, of)) {
		for (; count > 0 && !begins_word(into); count--) {
			*--into = *--of;
		}
		for (; count >= sizeof(word); count -= sizeof(word)) {
			into -= sizeof(word);
			of -= sizeof(word);
			*(word *)into = *(const word *)of;
		}
	}
	for (; count > 0; count--) {
		*--into = *--of;
	}
	return to;
}

void *memset(void *to, int value, size_t count)
{
	uint8_t *into = to;
	word whole = (uint8_t)value * 0x01010101u;

	for (; count > 0 && !begins_word(into); count--) {
		*into++ = (uint8_t)value;
	}
	for (; count >= sizeof(word); count -= sizeof(word)) {
		*(word *)into = whole;
		into += sizeof(word);
	}
	for (; count > 0; count--) {
		*into++ = (uint8_t)value;
	}
	return to;
}

#if defined(__ARM_EABI__) || defined(ZEPHYR_WASM_ALL_NAMES)
/* What Arm's standard calls them, as clang does: for any address, and, by a number at the end, for
 * those that it is a divisor of. */
#define EACH_ALIGNMENT(define) define() define(4) define(8)

#define COPY(alignment)                                                                            \
	void __aeabi_memcpy##alignment(void *to, const void *from, size_t count)                   \
	{                                                                                          \
		memcpy(to, from, count);                                                           \
	}
#define MOVE(alignment)                                                                            \
	void __aeabi_memmove##alignment(void *to, const void *from, size_t count)                  \
	{                                                                                          \
		memmove(to, from, count);                                                          \
	}
/* It takes the size before the value. */
#define SET(alignment)                                                                             \
	void __aeabi_memset##alignment(void *to, size_t count, int value)                          \
	{                                                                                          \
		memset(to, value, count);                                                          \
	}
#define CLEAR(alignment)                                                                           \
	void __aeabi_memclr##alignment(void *to, size_t count)                                     \
	{                                                                                          \
		memset(to, 0, count);                                                              \
	}

EACH_ALIGNMENT(COPY)
EACH_ALIGNMENT(MOVE)
EACH_ALIGNMENT(SET)
EACH_ALIGNMENT(CLEAR)
#endif
