/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions of pins.h, over what stands for the board's pins.
 */

#include <zephyr/sys/printk.h>
#include <zephyr/sys/util.h>

#include "pins.h"

static const int32_t analog[] = {512, 1023};

#define PIN_COUNT 14

void digitalWrite(uint32_t pin, uint32_t level)
{
	if (pin < PIN_COUNT) {
		printk("pin %u: %s\n", pin, level == PINS_LOW ? "low" : "high");
	}
}

int32_t analogRead(uint32_t pin)
{
	return pin < ARRAY_SIZE(analog) ? analog[pin] : -1;
}

/* A loop: what is sent comes back, each byte with its bits inverted. */
void pins_transfer(const uint8_t *sent, uint8_t *received, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++) {
		received[i] = ~sent[i];
	}
}
