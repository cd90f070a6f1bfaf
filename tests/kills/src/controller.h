/* SPDX-License-Identifier: Apache-2.0 */

#ifndef TESTS_KILLS_CONTROLLER_H_
#define TESTS_KILLS_CONTROLLER_H_

#include <stdbool.h>
#include <stddef.h>

/** Whether it neither scans nor advertises. */
bool controller_is_idle(void);

/** The strength of the signal that it hears. */
#define CONTROLLER_RSSI (-40)

/** How many bytes a peer reads that is connected: of the value that an app has set. */
size_t controller_value_size(void);

/** Writes the value as a peer does; false if it is not accepted. */
bool controller_write(const void *bytes, size_t size);

#endif /* TESTS_KILLS_CONTROLLER_H_ */
