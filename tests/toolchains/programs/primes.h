/* SPDX-License-Identifier: Apache-2.0 */

/* What all of these programs do: count the primes below 1000, of which there are 168. */
#define LIMIT 1000

static unsigned char is_composite[LIMIT];

static int count_primes(void)
{
	int count = 0;

	for (int number = 2; number < LIMIT; number++) {
		if (is_composite[number]) {
			continue;
		}
		count++;
		for (int multiple = number * 2; multiple < LIMIT; multiple += number) {
			is_composite[multiple] = 1;
		}
	}
	return count;
}
