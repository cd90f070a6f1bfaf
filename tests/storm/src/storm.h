/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef STORM_H_
#define STORM_H_

#include <stdint.h>

#include <zephyr/kernel.h>

#include "core/app.h"
#include "core/images.h"
#include "core/names.h"
#include "core/slots.h"

/** Has threads of four priorities do anything at all with apps, at random. */
void storm_begin(uint32_t seed);

/** Says what the threads have done, and fails if one has not gone on since the last look. */
void storm_look(void);

/** Ends the storm; fails if a thread of it does not. */
void storm_end(void);

#endif /* STORM_H_ */
