/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What stands for the driver of the lights: it prints their colours.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

void leds_write(uint32_t strip, const uint32_t *colors, uint32_t length)
{
	printk("leds %u:", strip);
	for (uint32_t i = 0; i < length; i++) {
		printk(" %06x", colors[i]);
	}
	printk("\n");
}
