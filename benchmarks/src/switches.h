/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef BENCHMARKS_SWITCHES_H_
#define BENCHMARKS_SWITCHES_H_

#ifdef CONFIG_WASM
/** Measures what it costs to go from one app to another, and to wake one, beside threads in C. */
void measure_switches(void);
#else
static inline void measure_switches(void)
{
}
#endif

#endif /* BENCHMARKS_SWITCHES_H_ */
