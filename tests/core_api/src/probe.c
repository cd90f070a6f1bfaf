/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions of probe.h. Each reads and writes all that it is passed, so that a pointer which is
 * not the app's would be noticed.
 */

#include <string.h>

#include <zephyr/kernel.h>

#include <zephyr_wasm/host.h>

#include "probe.h"
#include "seen.h"

uint32_t values[4];
struct seen seen;

uint32_t probe_value(uint32_t which)
{
	return which < ARRAY_SIZE(values) ? values[which] : 0;
}

static int32_t sum(const uint8_t *bytes, uint32_t length)
{
	int32_t all = 0;

	for (uint32_t i = 0; i < length; i++) {
		all += bytes[i];
	}
	return all;
}

int32_t probe_read(const uint8_t *bytes, int32_t length)
{
	seen.calls++;
	return sum(bytes, length);
}

int32_t probe_write(uint32_t length, uint8_t *bytes)
{
	seen.calls++;
	for (uint32_t i = 0; i < length; i++) {
		bytes[i]++;
	}
	return sum(bytes, length);
}

int32_t probe_copy(const uint8_t *from, uint32_t from_length, uint8_t *to, uint32_t to_length)
{
	uint32_t length = MIN(from_length, to_length);

	seen.calls++;
	memcpy(to, from, length);
	return sum(to, length);
}

int32_t probe_swap(uint8_t *one, uint8_t *other, int32_t length)
{
	seen.calls++;
	for (int32_t i = 0; i < length; i++) {
		uint8_t was = one[i];

		one[i] = other[i];
		other[i] = was;
	}
	return sum(one, length);
}

int32_t probe_text(const char *text)
{
	seen.calls++;
	return strlen(text);
}

int32_t probe_append(const char *text, uint8_t *to, uint32_t room)
{
	uint32_t length = strlen(text);

	seen.calls++;
	memcpy(to, text, MIN(length, room));
	return MIN(length, room);
}

int64_t probe_numbers(int32_t a, uint32_t b, int64_t c, uint64_t d, float e, double f)
{
	seen.calls++;
	seen.is_right = a == INT32_MIN && b == UINT32_MAX && c == INT64_MIN && d == UINT64_MAX &&
			e == -1.5F && f == 0.1;
	return INT64_MIN + 1;
}

float probe_half(float of)
{
	return of / 2;
}

double probe_third(double of)
{
	return of / 3;
}

uint64_t probe_most(void)
{
	return UINT64_MAX;
}

void probe_linger(void)
{
	seen.is_held = true;
	seen.is_waiting = true;
	k_sleep(K_MSEC(50));
	seen.is_held = false;
}

void probe_wait(void)
{
	seen.is_waiting = true;
	zephyr_wasm_wait_begin();
	k_sleep(K_FOREVER);
	zephyr_wasm_wait_end();
}
