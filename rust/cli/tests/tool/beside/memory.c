/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Compares what memory.c does to pieces of memory with what is to become of each byte.
 */

#include <stdint.h>
#include <stdio.h>

#define OFFSETS 9
#define SIZES   41
/* As much is around each piece, so that what is written beside it is seen. */
#define ROOM    (2 * (OFFSETS + SIZES))

void *own_memcpy(void *to, const void *from, size_t count);
void *own_memmove(void *to, const void *from, size_t count);
void *own_memset(void *to, int value, size_t count);

static uint64_t before_storage[ROOM / 8 + 1];
static uint64_t after_storage[ROOM / 8 + 1];
static uint8_t *const before = (uint8_t *)before_storage;
static uint8_t *const after = (uint8_t *)after_storage;

static void begin(void)
{
	for (int at = 0; at < ROOM; at++) {
		before[at] = (uint8_t)(at * 37 + 11);
		after[at] = before[at];
	}
}

/* Whether the piece at `to` is now what was at `from`, and nothing else is another. */
static int is_moved(const char *what, size_t to, size_t from, size_t count)
{
	for (size_t at = 0; at < ROOM; at++) {
		uint8_t expected =
			at >= to && at - to < count ? before[at - to + from] : before[at];

		if (after[at] != expected) {
			printf("%s of %zu bytes from %zu to %zu: byte %zu\n", what, count, from, to,
			       at);
			return 0;
		}
	}
	return 1;
}

static int copies(size_t to, size_t from, size_t count)
{
	size_t behind = OFFSETS + SIZES;

	begin();
	return own_memcpy(after + to, after + behind + from, count) == after + to &&
	       is_moved("memcpy", to, behind + from, count);
}

static int moves(size_t to, size_t from, size_t count)
{
	begin();
	return own_memmove(after + to, after + from, count) == after + to &&
	       is_moved("memmove", to, from, count);
}

/* Whether the piece at `to` has this value now, and nothing else is another. */
static int is_set(size_t to, uint8_t value, size_t count)
{
	for (size_t at = 0; at < ROOM; at++) {
		uint8_t expected = at >= to && at - to < count ? value : before[at];

		if (after[at] != expected) {
			printf("memset of %zu bytes at %zu: byte %zu\n", count, to, at);
			return 0;
		}
	}
	return 1;
}

static int sets(size_t to, int value, size_t count)
{
	begin();
	return own_memset(after + to, value, count) == after + to &&
	       is_set(to, (uint8_t)value, count);
}

/* What Arm calls them, of addresses that all of them take. */
#define NAMED(alignment)                                                                           \
	void __aeabi_memcpy##alignment(void *to, const void *from, size_t count);                  \
	void __aeabi_memmove##alignment(void *to, const void *from, size_t count);                 \
	void __aeabi_memset##alignment(void *to, size_t count, int value);                         \
	void __aeabi_memclr##alignment(void *to, size_t count);                                    \
                                                                                                   \
	static int is_named##alignment(size_t count)                                               \
	{                                                                                          \
		begin();                                                                           \
		__aeabi_memcpy##alignment(after + 8, after + 56, count);                           \
		if (!is_moved("__aeabi_memcpy" #alignment, 8, 56, count)) {                        \
			return 0;                                                                  \
		}                                                                                  \
		begin();                                                                           \
		__aeabi_memmove##alignment(after + 16, after + 8, count);                          \
		if (!is_moved("__aeabi_memmove" #alignment, 16, 8, count)) {                       \
			return 0;                                                                  \
		}                                                                                  \
		begin();                                                                           \
		__aeabi_memset##alignment(after + 8, count, 0x1a5);                                \
		if (!is_set(8, 0xa5, count)) {                                                     \
			return 0;                                                                  \
		}                                                                                  \
		begin();                                                                           \
		__aeabi_memclr##alignment(after + 8, count);                                       \
		return is_set(8, 0, count);                                                        \
	}

NAMED()
NAMED(4)
NAMED(8)

int main(void)
{
	for (size_t count = 0; count < SIZES; count++) {
		if (!is_named(count) || !is_named4(count) || !is_named8(count)) {
			return 1;
		}
		for (size_t to = 0; to < OFFSETS; to++) {
			for (size_t from = 0; from < OFFSETS; from++) {
				if (!copies(to, from, count) || !moves(to, from, count) ||
				    !moves(to + 20, from, count) || !moves(to, from + 20, count)) {
					return 1;
				}
			}
			if (!sets(to, 0x1a5, count) || !sets(to, 0, count) ||
			    !sets(to, -1, count)) {
				return 1;
			}
		}
	}
	return 0;
}
