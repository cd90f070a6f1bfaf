/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions by which Rust copies and fills memory on ARM, with the names of ARM's run-time ABI
 * (RTABI, section 4.3.4).
 *
 * Rust's library has them as weak symbols, with copies that are unrolled for speed. They take a
 * kilobyte of flash besides the functions of the C library. Here, they call the C library, whatever
 * the alignment.
 */
#include <stddef.h>
#include <string.h>

#include <zephyr/toolchain.h>

void __aeabi_memcpy(void *to, const void *from, size_t size);
void __aeabi_memmove(void *to, const void *from, size_t size);
void __aeabi_memset(void *to, size_t size, int byte);
void __aeabi_memclr(void *to, size_t size);

#define SAME_AS(name) __attribute__((alias(STRINGIFY(name))))

void __aeabi_memcpy(void *to, const void *from, size_t size)
{
	(void)memcpy(to, from, size);
}

SAME_AS(__aeabi_memcpy) void __aeabi_memcpy4(void *to, const void *from, size_t size);
SAME_AS(__aeabi_memcpy) void __aeabi_memcpy8(void *to, const void *from, size_t size);

void __aeabi_memmove(void *to, const void *from, size_t size)
{
	(void)memmove(to, from, size);
}

SAME_AS(__aeabi_memmove) void __aeabi_memmove4(void *to, const void *from, size_t size);
SAME_AS(__aeabi_memmove) void __aeabi_memmove8(void *to, const void *from, size_t size);

void __aeabi_memset(void *to, size_t size, int byte)
{
	(void)memset(to, byte, size);
}

SAME_AS(__aeabi_memset) void __aeabi_memset4(void *to, size_t size, int byte);
SAME_AS(__aeabi_memset) void __aeabi_memset8(void *to, size_t size, int byte);

void __aeabi_memclr(void *to, size_t size)
{
	(void)memset(to, 0, size);
}

SAME_AS(__aeabi_memclr) void __aeabi_memclr4(void *to, size_t size);
SAME_AS(__aeabi_memclr) void __aeabi_memclr8(void *to, size_t size);
