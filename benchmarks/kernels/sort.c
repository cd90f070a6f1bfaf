/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Branches that nothing predicts: the heap sort of 1000 integers.
 */

#include <stdint.h>

#define COUNT 1000

static uint32_t numbers[COUNT];

/* Lets a number sink to where no child of it is larger. */
static void sink(uint32_t root, uint32_t count)
{
	uint32_t number = numbers[root];
	uint32_t child;

	while ((child = 2 * root + 1) < count) {
		if (child + 1 < count && numbers[child] < numbers[child + 1]) {
			child++;
		}
		if (numbers[child] <= number) {
			break;
		}
		numbers[root] = numbers[child];
		root = child;
	}
	numbers[root] = number;
}

int32_t BENCHMARK(void)
{
	uint32_t state = 2463534242;
	uint32_t sum = 0;

	for (uint32_t i = 0; i < COUNT; i++) {
		state ^= state << 13;
		state ^= state >> 17;
		state ^= state << 5;
		numbers[i] = state;
	}
	for (uint32_t i = COUNT / 2; i-- > 0;) {
		sink(i, COUNT);
	}
	for (uint32_t end = COUNT - 1; end > 0; end--) {
		uint32_t largest = numbers[0];

		numbers[0] = numbers[end];
		numbers[end] = largest;
		sink(0, end);
	}
	for (uint32_t i = 0; i < COUNT; i++) {
		if (i > 0 && numbers[i - 1] > numbers[i]) {
			return -1;
		}
		sum = sum * 31 + numbers[i];
	}
	return (int32_t)sum;
}
