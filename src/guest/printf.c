/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * snprintf() for an app in C: integers and texts.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <ctype.h>

/* A text that is being made. */
struct text {
	char *bytes;
	size_t size;
	size_t length;
};

/* How a value is shown. */
struct field {
	bool left;
	bool zeros;
	size_t width;
	int precision;
	int longs;
};

static void put(struct text *text, char c)
{
	if (text->length + 1 < text->size) {
		text->bytes[text->length] = c;
	}
	text->length++;
}

static void put_padded(struct text *text, const struct field *field, const char *bytes,
		       size_t length)
{
	size_t pad = field->width > length ? field->width - length : 0;

	/* A sign stands before zeros. */
	if (field->zeros && !field->left && length > 0 && *bytes == '-') {
		put(text, *bytes++);
		length--;
	}
	for (; !field->left && pad > 0; pad--) {
		put(text, field->zeros ? '0' : ' ');
	}
	for (; length > 0; length--) {
		put(text, *bytes++);
	}
	for (; pad > 0; pad--) {
		put(text, ' ');
	}
}

static void put_number(struct text *text, const struct field *field, uint64_t number, bool negative,
		       unsigned int base, bool upper)
{
	char digits[21];
	char *at = digits + sizeof(digits);

	do {
		unsigned int digit = number % base;

		*--at = digit < 10 ? '0' + digit : (upper ? 'A' : 'a') + digit - 10;
		number /= base;
	} while (number != 0);
	if (negative) {
		*--at = '-';
	}
	put_padded(text, field, at, digits + sizeof(digits) - at);
}

static uint64_t take(const struct field *field, va_list *values, bool is_signed)
{
	if (field->longs >= 2) {
		return va_arg(*values, uint64_t);
	}
	/* An int, a long and a size_t have 32 bits here. */
	return is_signed ? (uint64_t)va_arg(*values, int32_t) : va_arg(*values, uint32_t);
}

static const char *read_field(const char *format, struct field *field)
{
	for (; *format == '-' || *format == '0'; format++) {
		field->left |= *format == '-';
		field->zeros |= *format == '0';
	}
	while (isdigit(*format)) {
		field->width = field->width * 10 + (*format++ - '0');
	}
	if (*format == '.') {
		field->precision = 0;
		while (isdigit(*++format)) {
			field->precision = field->precision * 10 + (*format - '0');
		}
	}
	for (; *format == 'l' || *format == 'h' || *format == 'z'; format++) {
		field->longs += *format == 'l';
	}
	return format;
}

static void put_value(struct text *text, const struct field *field, char kind, va_list *values)
{
	const char *string;
	uint64_t number;
	char c;

	switch (kind) {
	case 'd':
	case 'i':
		number = take(field, values, true);
		put_number(text, field, (int64_t)number < 0 ? 0 - number : number,
			   (int64_t)number < 0, 10, false);
		break;
	case 'u':
		put_number(text, field, take(field, values, false), false, 10, false);
		break;
	case 'x':
	case 'X':
		put_number(text, field, take(field, values, false), false, 16, kind == 'X');
		break;
	case 'p':
		put_number(text, field, (uintptr_t)va_arg(*values, void *), false, 16, false);
		break;
	case 'c':
		c = (char)va_arg(*values, int);
		put_padded(text, field, &c, 1);
		break;
	case 's':
		string = va_arg(*values, const char *);
		string = string == NULL ? "(null)" : string;
		put_padded(text, field, string, strnlen(string, (size_t)field->precision));
		break;
	default:
		put(text, kind);
		break;
	}
}

int vsnprintf(char *bytes, size_t size, const char *format, va_list values)
{
	struct text text = {.bytes = bytes, .size = size};
	va_list left;

	va_copy(left, values);
	while (*format != '\0') {
		struct field field = {.precision = -1};

		if (*format != '%') {
			put(&text, *format++);
			continue;
		}
		format = read_field(format + 1, &field);
		if (*format != '\0') {
			put_value(&text, &field, *format++, &left);
		}
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
