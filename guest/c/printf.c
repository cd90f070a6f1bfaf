/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * snprintf() for an app in C: numbers and texts.
 */

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <ctype.h>

#include "print.h"

void print_put(struct text *text, char c)
{
	if (text->length + 1 < text->size) {
		text->bytes[text->length] = c;
	}
	text->length++;
}

static void put_many(struct text *text, char c, size_t count)
{
	for (; count > 0; count--) {
		print_put(text, c);
	}
}

static void put_bytes(struct text *text, const char *bytes, size_t length)
{
	for (; length > 0; length--) {
		print_put(text, *bytes++);
	}
}

void print_pieces(struct text *text, const struct field *field, const char *prefix,
		  const struct piece *pieces, size_t count)
{
	size_t length = strlen(prefix);
	size_t pad;

	for (size_t i = 0; i < count; i++) {
		length += pieces[i].length + pieces[i].zeros;
	}
	pad = field->width > length ? field->width - length : 0;
	if (!field->left && !field->zeros) {
		put_many(text, ' ', pad);
	}
	put_bytes(text, prefix, strlen(prefix));
	if (!field->left && field->zeros) {
		put_many(text, '0', pad);
	}
	for (size_t i = 0; i < count; i++) {
		put_bytes(text, pieces[i].bytes, pieces[i].length);
		put_many(text, '0', pieces[i].zeros);
	}
	if (field->left) {
		put_many(text, ' ', pad);
	}
}

char *print_digits(char *end, unsigned long long number, unsigned int base, bool upper)
{
	do {
		unsigned int digit = number % base;

		*--end = digit < 10 ? '0' + digit : (upper ? 'A' : 'a') + digit - 10;
		number /= base;
	} while (number != 0);
	return end;
}

static void put_integer(struct text *text, const struct field *field, const char *prefix,
			uint64_t number, unsigned int base, bool upper)
{
	char digits[22];
	char *end = digits + sizeof(digits);
	char *at =
		number == 0 && field->precision == 0 ? end : print_digits(end, number, base, upper);
	size_t length = end - at;
	size_t least = field->precision < 0 ? 0 : (size_t)field->precision;
	struct field own = *field;
	struct piece pieces[] = {
		{.zeros = least > length ? least - length : 0},
		{.bytes = at, .length = length},
	};

	own.zeros = field->zeros && field->precision < 0;
	print_pieces(text, &own, prefix, pieces, 2);
}

static void put_signed(struct text *text, const struct field *field, int64_t number)
{
	char prefix[] = {number < 0 ? '-' : field->sign, '\0'};

	put_integer(text, field, prefix, number < 0 ? 0 - (uint64_t)number : (uint64_t)number, 10,
		    false);
}

static void put_text(struct text *text, const struct field *field, const char *bytes, size_t length)
{
	struct field own = *field;
	struct piece piece = {.bytes = bytes, .length = length};

	own.zeros = false;
	print_pieces(text, &own, "", &piece, 1);
}

static uint64_t take_unsigned(const struct field *field, va_list *values)
{
	switch (field->size) {
	case 1:
		return (uint8_t)va_arg(*values, int);
	case 2:
		return (uint16_t)va_arg(*values, int);
	case 8:
		return va_arg(*values, uint64_t);
	default:
		/* An int, a long and a size_t have 32 bits here. */
		return va_arg(*values, uint32_t);
	}
}

static int64_t take_signed(const struct field *field, va_list *values)
{
	uint64_t number = take_unsigned(field, values);
	unsigned int unused = 64 - 8 * field->size;

	return (int64_t)(number << unused) >> unused;
}

static int read_number(const char **format, va_list *values)
{
	int number = 0;

	if (**format == '*') {
		++*format;
		return va_arg(*values, int);
	}
	while (isdigit(**format)) {
		number = number * 10 + (*(*format)++ - '0');
	}
	return number;
}

static const char *read_size(const char *format, struct field *field)
{
	field->size = 4;
	for (;; format++) {
		switch (*format) {
		case 'h':
			field->size /= 2;
			break;
		case 'j':
			field->size = 8;
			break;
		case 'l':
			field->size = format[1] == 'l' ? 8 : field->size;
			field->wide = true;
			break;
		case 'z':
		case 't':
			break;
		default:
			return format;
		}
	}
}

static const char *read_field(const char *format, struct field *field, va_list *values)
{
	int width;

	for (;; format++) {
		if (*format == '-') {
			field->left = true;
		} else if (*format == '0') {
			field->zeros = true;
		} else if (*format == '#') {
			field->alternate = true;
		} else if (*format == '+' || (*format == ' ' && field->sign != '+')) {
			field->sign = *format;
		} else if (*format != ' ') {
			break;
		}
	}
	width = read_number(&format, values);
	field->left |= width < 0;
	field->width = width < 0 ? 0 - (size_t)width : (size_t)width;
	if (*format == '.') {
		format++;
		field->precision = read_number(&format, values);
	}
	return read_size(format, field);
}

/* Puts a value; false if nobody knows what it is, and so where the next one is. */
static bool put_value(struct text *text, const struct field *field, char kind, va_list *values)
{
	const char *string;
	uint64_t number;
	char c;

	switch (kind) {
	case '%':
		print_put(text, '%');
		return true;
	case 'd':
	case 'i':
		put_signed(text, field, take_signed(field, values));
		return true;
	case 'u':
		put_integer(text, field, "", take_unsigned(field, values), 10, false);
		return true;
	case 'o':
		number = take_unsigned(field, values);
		put_integer(text, field, field->alternate && number != 0 ? "0" : "", number, 8,
			    false);
		return true;
	case 'x':
	case 'X':
		number = take_unsigned(field, values);
		string = kind == 'x' ? "0x" : "0X";
		put_integer(text, field, field->alternate && number != 0 ? string : "", number, 16,
			    kind == 'X');
		return true;
	case 'p':
		put_integer(text, field, "", (uintptr_t)va_arg(*values, void *), 16, false);
		return true;
	case 'c':
		if (field->wide) {
			return false;
		}
		c = (char)va_arg(*values, int);
		put_text(text, field, &c, 1);
		return true;
	case 's':
		if (field->wide) {
			return false;
		}
		string = va_arg(*values, const char *);
		string = string == NULL ? "(null)" : string;
		put_text(text, field, string, strnlen(string, (size_t)field->precision));
		return true;
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		print_double(text, field, va_arg(*values, double), kind);
		return true;
	default:
		return false;
	}
}

int vsnprintf(char *bytes, size_t size, const char *format, va_list values)
{
	struct text text = {.bytes = bytes, .size = size};
	va_list left;

	va_copy(left, values);
	while (*format != '\0') {
		struct field field = {.precision = -1};
		const char *begin = format;

		if (*format != '%') {
			print_put(&text, *format++);
			continue;
		}
		format = read_field(format + 1, &field, &left);
		if (*format == '\0' || !put_value(&text, &field, *format, &left)) {
			/* As it stands, and all that follows. */
			put_bytes(&text, begin, strlen(begin));
			break;
		}
		format++;
	}
	va_end(left);
	if (size > 0) {
		bytes[text.length < size ? text.length : size - 1] = '\0';
	}
	return (int)text.length;
}

int snprintf(char *bytes, size_t size, const char *format, ...)
{
	va_list values;
	int length;

	va_start(values, format);
	length = vsnprintf(bytes, size, format, values);
	va_end(values);
	return length;
}
