/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the functions of probe.h tell the test, and it them.
 */

#ifndef SEEN_H_
#define SEEN_H_

#include <stdbool.h>
#include <stdint.h>

/** The function that the app is to call, and its arguments. */
extern uint32_t values[4];

extern struct seen {
	/** How many calls have come. */
	uint32_t calls;
	/** Whether everything was as the app had it. */
	bool is_right;
	/** What probe_linger() has, and whether an app has come to a place where it waits. */
	bool is_held;
	bool is_waiting;
} seen;

#endif /* SEEN_H_ */
