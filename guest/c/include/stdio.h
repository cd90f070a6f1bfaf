/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Texts from values: %d %i %u %o %x %X %c %s %p %e %f %g and %%, with flags, width, precision, and
 * the sizes hh, h, l, ll, j, z and t. Doubles are right to 14 digits. From anything else on, as
 * %Lf, %a, %n and %ls, the format is put as it stands, and no value is taken. There are no files
 * here: WASI has them.
 */

#ifndef ZEPHYR_WASM_GUEST_STDIO_H_
#define ZEPHYR_WASM_GUEST_STDIO_H_

#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What fits of the text, and a zero behind it: how long the whole text is, without the zero. */
int vsnprintf(char *text, size_t size, const char *format, va_list values)
	__attribute__((format(printf, 3, 0)));
int snprintf(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_GUEST_STDIO_H_ */
