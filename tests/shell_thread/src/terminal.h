/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shells as they are on boards, each on a thread of its own, whose terminals are the test's.
 */

#ifndef TERMINAL_H_
#define TERMINAL_H_

#include <stdbool.h>

#define TERMINALS 2

/** Starts the shells. */
void terminals_begin(void);

/** Types a line. The terminal has shown nothing from here on. */
void terminal_type(int number, const char *line);

/** Waits until a terminal has shown a text; false if it has not after so many milliseconds. */
bool terminal_shows(int number, const char *text, int milliseconds);

/** What a terminal has shown since a line was typed. */
const char *terminal_output(int number);

#endif /* TERMINAL_H_ */
