/* SPDX-License-Identifier: Apache-2.0 */

#ifndef TESTS_KILLS_CONTROLLER_H_
#define TESTS_KILLS_CONTROLLER_H_

#include <stdbool.h>

/** Whether it neither scans nor advertises. */
bool controller_is_idle(void);

#endif /* TESTS_KILLS_CONTROLLER_H_ */
