/* SPDX-License-Identifier: Apache-2.0 */

/* The BLAKE3 hash of the input. */

#include <stdint.h>
#include <stdio.h>

#include "blake3.h"

int main(void)
{
	static uint8_t bytes[512];
	uint8_t hash[BLAKE3_OUT_LEN];
	blake3_hasher hasher;
	size_t size;

	blake3_hasher_init(&hasher);
	while ((size = fread(bytes, 1, sizeof(bytes), stdin)) > 0) {
		blake3_hasher_update(&hasher, bytes, size);
	}
	blake3_hasher_finalize(&hasher, hash, sizeof(hash));
	for (size_t i = 0; i < sizeof(hash); i++) {
		printf("%02x", hash[i]);
	}
	putchar('\n');
	return 0;
}
