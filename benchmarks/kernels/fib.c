/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls: Fibonacci numbers by recursion.
 */

#include <stdint.h>

static int32_t fibonacci(int32_t n)
{
	return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

int32_t BENCHMARK(void)
{
	return fibonacci(20);
}
