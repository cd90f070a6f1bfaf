/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef BENCHMARKS_GUESTS_H_
#define BENCHMARKS_GUESTS_H_

#include "../engine.h"

/** What there is to run, of the build. */
extern const struct guest guests[];

/** How many they are. */
extern const size_t guest_count;

#endif /* BENCHMARKS_GUESTS_H_ */
