/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What apps import from `wiring`: pins by their numbers, and a bus.
 */

#ifndef PINS_H_
#define PINS_H_

#include <stdint.h>

#include <zephyr_wasm/core.h>

#define PINS_LOW  0
#define PINS_HIGH 1

/** Sets a pin. A pin that there is not is left alone. */
void digitalWrite(uint32_t pin, uint32_t level);

/** Returns what an analog pin has, from 0 to 1023, or -1 if there is no such pin. */
int32_t analogRead(uint32_t pin);

/** Sends bytes over the bus, and receives as many. */
void pins_transfer(ZEPHYR_WASM_IN(sent, length), ZEPHYR_WASM_OUT(received, length),
		   uint32_t length);

#endif /* PINS_H_ */
