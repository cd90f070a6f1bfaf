/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stores: the primes below 8192, by the sieve of Eratosthenes.
 */

#include <stdbool.h>
#include <stdint.h>

#define SIZE 8192

static bool composite[SIZE];

int32_t BENCHMARK(void)
{
	int32_t count = 0;

	for (uint32_t i = 0; i < SIZE; i++) {
		composite[i] = false;
	}
	for (uint32_t i = 2; i < SIZE; i++) {
		if (composite[i]) {
			continue;
		}
		count++;
		for (uint32_t multiple = 2 * i; multiple < SIZE; multiple += i) {
			composite[multiple] = true;
		}
	}
	return count;
}
