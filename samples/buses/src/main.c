/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts an app that talks to devices on buses. The devices are emulated: a thermometer on I2C, a
 * display on SPI (display.c), a modem behind a serial port, a battery, and a fan (pwm.c).
 */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/adc/adc_emul.h>
#include <zephyr/drivers/emul_sensor.h>
#include <zephyr/drivers/sensor.h>
#include <zephyr/drivers/serial/uart_emul.h>
#include <zephyr/logging/log.h>

#include <zephyr_wasm/zephyr_wasm.h>

LOG_MODULE_REGISTER(firmware, LOG_LEVEL_INF);

/* Emulators take fixed-point numbers: a fraction of 1 << SHIFT. */
#define SHIFT 8

static void answer(const struct device *port, size_t size, void *user_data)
{
	uint8_t byte = 0;

	ARG_UNUSED(user_data);
	while (size > 0 && uart_emul_get_tx_data(port, &byte, 1) == 1) {
		size--;
		if (byte == '\r') {
			(void)uart_emul_put_rx_data(port, (const uint8_t *)"OK\r", 3);
		}
	}
}

int main(void)
{
	const struct sensor_chan_spec channel = {.chan_type = SENSOR_CHAN_AMBIENT_TEMP};
	q31_t celsius = (q31_t)((21LL << 31) >> SHIFT);

	(void)emul_sensor_backend_set_channel(EMUL_DT_GET(DT_NODELABEL(thermometer)), channel,
					      &celsius, SHIFT);
	(void)adc_emul_const_value_set(DEVICE_DT_GET(DT_NODELABEL(emulated_adc)), 0, 3300 / 2);
	uart_emul_callback_tx_data_ready_set(DEVICE_DT_GET(DT_NODELABEL(emulated_uart)), answer,
					     NULL);
	zephyr_wasm_start_all();
	return 0;
}
