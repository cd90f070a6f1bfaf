/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Nested loops: the product of two matrices of 24 by 24 integers.
 */

#include <stdint.h>

#define SIZE 24

static int32_t left[SIZE][SIZE];
static int32_t right[SIZE][SIZE];
static int32_t product[SIZE][SIZE];

int32_t BENCHMARK(void)
{
	uint32_t sum = 0;

	for (int32_t i = 0; i < SIZE; i++) {
		for (int32_t j = 0; j < SIZE; j++) {
			left[i][j] = i * 3 - j;
			right[i][j] = i + j * 5;
		}
	}
	for (int i = 0; i < SIZE; i++) {
		for (int j = 0; j < SIZE; j++) {
			int32_t cell = 0;

			for (int k = 0; k < SIZE; k++) {
				cell += left[i][k] * right[k][j];
			}
			product[i][j] = cell;
			sum = sum * 31 + (uint32_t)cell;
		}
	}
	return (int32_t)(sum ^ (uint32_t)product[SIZE / 2][SIZE / 3]);
}
