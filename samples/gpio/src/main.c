/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts the apps that the build embedded, and presses a button that is emulated.
 */

#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/gpio/gpio_emul.h>
#include <zephyr/logging/log.h>

#include <zephyr_wasm/zephyr_wasm.h>

LOG_MODULE_REGISTER(firmware, LOG_LEVEL_INF);

#define PORT   DEVICE_DT_GET(DT_NODELABEL(emulated_gpio))
#define BUTTON 0
#define LED    1

/* A contact does not change at once. */
static void move_button(int value)
{
	for (int bounce = 0; bounce < 3; bounce++) {
		(void)gpio_emul_input_set(PORT, BUTTON, value);
		k_sleep(K_MSEC(1));
		(void)gpio_emul_input_set(PORT, BUTTON, !value);
		k_sleep(K_MSEC(1));
	}
	(void)gpio_emul_input_set(PORT, BUTTON, value);
}

int main(void)
{
	zephyr_wasm_start_all();
	k_sleep(K_MSEC(500));
	for (int press = 0; press < 2; press++) {
		move_button(1);
		k_sleep(K_MSEC(200));
		LOG_INF("the LED is %s", gpio_emul_output_get(PORT, LED) == 1 ? "on" : "off");
		move_button(0);
		k_sleep(K_MSEC(200));
		LOG_INF("the LED is %s", gpio_emul_output_get(PORT, LED) == 1 ? "on" : "off");
	}
	return 0;
}
