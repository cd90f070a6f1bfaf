/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which function in C an app is in, of those that host APIs call.
 */

#ifndef TESTS_KILLS_SEEN_H_
#define TESTS_KILLS_SEEN_H_

#include <stddef.h>
#include <stdint.h>

struct seen {
	const char *name;
	/* How often apps have called it, and used drivers by that. */
	uint32_t calls;
	uint32_t transfers;
	/* By what kind of call, first; and how often an app was killed in it. */
	uint8_t kind;
	uint32_t kills;
};

/** Each of them; written by seen.py. */
extern struct seen seen[];
extern const size_t seen_count;

/** What apps call from here on is of that kind. */
void seen_kind(uint8_t kind);

/** The function that an app is in, or SEEN_NONE. */
size_t seen_inside(void);
#define SEEN_NONE SIZE_MAX

/** For what seen.py writes: around each call. */
uint32_t seen_begin(size_t function);
void seen_end(size_t function, uint32_t before);

#endif /* TESTS_KILLS_SEEN_H_ */
