/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Table look-ups: the CRC-32 of 8 KiB, with its table.
 */

#include <stdint.h>

#define POLYNOMIAL 0xedb88320

static uint32_t table[256];
static uint8_t data[8192];

int32_t BENCHMARK(void)
{
	uint32_t crc = UINT32_MAX;

	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t entry = byte;

		for (int bit = 0; bit < 8; bit++) {
			entry = (entry >> 1) ^ ((entry & 1) ? POLYNOMIAL : 0);
		}
		table[byte] = entry;
	}
	for (uint32_t i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(i * 31 + (i >> 8));
	}
	for (uint32_t i = 0; i < sizeof(data); i++) {
		crc = (crc >> 8) ^ table[(crc ^ data[i]) & 0xff];
	}
	return (int32_t)~crc;
}
