/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What tests choose by: numbers that look random, or those of a fuzzer.
 */

#include "common.h"

static uint32_t seed = 1;
static const uint8_t *bytes;
static size_t left;

void numbers_begin(uint32_t from)
{
	seed = from;
	bytes = NULL;
}

void numbers_take(const uint8_t *from, size_t size)
{
	bytes = from;
	left = size;
}

size_t numbers_left(void)
{
	return left;
}

uint32_t pick(uint32_t below)
{
	uint32_t number = 0;

	if (bytes == NULL) {
		seed ^= seed << 13;
		seed ^= seed >> 17;
		seed ^= seed << 5;
		return seed % below;
	}
	/* As few bytes as can say it. */
	for (uint32_t most = below - 1; most > 0 && left > 0; most >>= 8) {
		number = number << 8 | *bytes++;
		left--;
	}
	return number % below;
}
