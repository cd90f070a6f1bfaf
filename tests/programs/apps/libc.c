/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tries what an app in C has of the standard library; returns the line of the first mistake.
 */

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "zephyr_wasm_guest.h"

#define EXPECT(condition)                                                                          \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			return __LINE__;                                                           \
		}                                                                                  \
	} while (false)

#define PRINTS(expected, ...)                                                                      \
	do {                                                                                       \
		char text[64];                                                                     \
                                                                                                   \
		EXPECT(snprintf(text, sizeof(text), __VA_ARGS__) == (int)strlen(expected));        \
		EXPECT(strcmp(text, expected) == 0);                                               \
	} while (false)

static int32_t try_printf(void)
{
	char text[8];

	PRINTS("-5 5 ff FF", "%d %u %x %X", -5, 5, 255, 255);
	PRINTS("[   42] [42   ] [00042] [-0042]", "[%5d] [%-5d] [%05d] [%05d]", 42, 42, 42, -42);
	PRINTS("abc ab c % (null)", "%s %.2s %c %% %s", "abc", "abc", 'c', (char *)NULL);
	PRINTS("-9223372036854775808 18446744073709551615", "%lld %llu", INT64_MIN, UINT64_MAX);
	PRINTS("-2147483648 4294967295", "%d %lu", INT_MIN, ULONG_MAX);
	PRINTS("+5  5 005 [  005] 0x1f 017", "%+d % d %.3d [%5.3d] %#x %#o", 5, 5, 5, 5, 31, 15);
	PRINTS("[    7] [7    ] abc -1 255", "[%*d] [%-*d] %.*s %hhd %hhu", 5, 7, 5, 7, 3, "abcd",
	       255, 255);
	PRINTS("3.141593 3.14 3 -0.500 [  2.50] [002.50]", "%f %.2f %.0f %.3f [%6.2f] [%06.2f]",
	       3.14159265, 3.14159265, 3.14159265, -0.5, 2.5, 2.5);
	PRINTS("0 2 2 4 1.00 10.0", "%.0f %.0f %.0f %.0f %.2f %.1f", 0.5, 1.5, 2.5, 3.5, 0.999,
	       9.96);
	PRINTS("9007199254740994 4611686018427387904 10000000000000000000000", "%.0f %.0f %.0f",
	       9007199254740994.0, 4611686018427387904.0, 1e22);
	PRINTS("1.500000e+00 1.00E+10 9.999e-05 0e+00", "%e %.2E %.3e %.0e", 1.5, 9.999e9, 9.999e-5,
	       0.0);
	PRINTS("0.0001 1e-05 100000 1e+06 0.1 3.14", "%g %g %g %g %g %.3g", 1e-4, 1e-5, 1e5, 1e6,
	       0.1, 3.14159);
	PRINTS("inf -INF nan [  inf] 1e+300", "%f %F %f [%05f] %g", __builtin_inf(),
	       -__builtin_inf(), __builtin_nan(""), __builtin_inf(), 1e300);
	PRINTS("2.2250738585e-308 4.94e-324", "%.10e %.3g", 2.2250738585072014e-308,
	       4.9406564584124654e-324);
	/* The values behind a number are in their places; behind what nobody knows, there are none.
	 */
	PRINTS("0.5 7 x", "%g %d %s", 0.5, 7, "x");
	/* What does not fit is cut, and its length told. */
	EXPECT(snprintf(text, sizeof(text), "%s", "longer than that") == 16);
	EXPECT(strcmp(text, "longer ") == 0);
	EXPECT(snprintf(NULL, 0, "%d", 123) == 3);
	return 0;
}

static int32_t try_strings(void)
{
	char text[16] = "abc";

	EXPECT(strcmp("abc", "abd") < 0 && strcmp("b", "abc") > 0 && strncmp("abX", "abY", 2) == 0);
	EXPECT(strchr("abcb", 'b')[2] == 'b' && strrchr("abcb", 'b')[1] == '\0');
	EXPECT(strchr("abc", 'x') == NULL && *strchr("abc", '\0') == '\0');
	EXPECT(strstr("one two", "two") != NULL && strstr("one", "two") == NULL);
	EXPECT(strcmp(strcat(text, "def"), "abcdef") == 0);
	EXPECT(strspn("112a", "12") == 3 && strcspn("abc,d", ",") == 3 && strnlen("abc", 2) == 2);
	EXPECT(memchr("abc", 'c', 2) == NULL && memchr("abc", 'c', 3) != NULL);
	strncpy(text, "xy", 5);
	EXPECT(memcmp(text, "xy\0\0\0f", 6) == 0);
	EXPECT(isspace('\n') && !isalpha('1') && toupper('x') == 'X' && isxdigit('f'));
	return 0;
}

static int32_t try_numbers(void)
{
	char *end;

	EXPECT(atoi(" -42x") == -42);
	EXPECT(strtol("0x1F!", &end, 0) == 31 && *end == '!');
	EXPECT(strtol("none", &end, 10) == 0 && *end == 'n');
	errno = 0;
	EXPECT(strtol("99999999999", NULL, 10) == LONG_MAX && errno == ERANGE);
	EXPECT(strtol("-2147483648", NULL, 10) == LONG_MIN);
	EXPECT(strtoul("4294967295", NULL, 10) == ULONG_MAX);
	return 0;
}

static int32_t try_heap(void)
{
	uint8_t *pieces[8];
	uint8_t *aligned = aligned_alloc(64, 20);

	EXPECT(aligned != NULL && (uintptr_t)aligned % 64 == 0);
	for (int i = 0; i < 8; i++) {
		pieces[i] = malloc(50);
		EXPECT(pieces[i] != NULL);
		memset(pieces[i], i, 50);
	}
	pieces[3] = realloc(pieces[3], 100);
	EXPECT(pieces[3] != NULL && pieces[3][49] == 3 && pieces[2][49] == 2 && pieces[4][0] == 4);
	EXPECT(malloc(4000) == NULL && errno == ENOMEM);
	EXPECT(calloc(65536, 65536) == NULL);
	for (int i = 0; i < 8; i++) {
		free(pieces[i]);
	}
	free(aligned);
	/* All of it is one piece again. */
	EXPECT(malloc(1000) != NULL);
	return 0;
}

int32_t exports_app_run(void)
{
	int32_t (*const tries[])(void) = {try_printf, try_strings, try_numbers, try_heap};

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		int32_t result = tries[i]();

		if (result != 0) {
			return result;
		}
	}
	guest_logf(WASI_LOGGING_LOGGING_LEVEL_INFO, "%zu parts of libc tried",
		   sizeof(tries) / sizeof(tries[0]));
	return 0;
}
