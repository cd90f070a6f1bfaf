/* SPDX-License-Identifier: Apache-2.0 */

#ifndef TESTS_KILLS_SERVERS_H_
#define TESTS_KILLS_SERVERS_H_

#include <stdbool.h>

/** Whether what apps serve is asked all the time. */
void servers_visit(bool yes);

#endif /* TESTS_KILLS_SERVERS_H_ */
