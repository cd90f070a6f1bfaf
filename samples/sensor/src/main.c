/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts the apps that the build embedded, beside a thermometer that is emulated: it gets warmer.
 */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/emul_sensor.h>
#include <zephyr/drivers/sensor.h>

#include <zephyr_wasm/zephyr_wasm.h>

/* Emulators take fixed-point numbers: a fraction of 1 << SHIFT. */
#define SHIFT 8

static void set_celsius(int celsius)
{
	const struct emul *thermometer = EMUL_DT_GET(DT_NODELABEL(thermometer));
	const struct sensor_chan_spec channel = {.chan_type = SENSOR_CHAN_AMBIENT_TEMP};
	q31_t value = (q31_t)(((int64_t)celsius << 31) >> SHIFT);

	(void)emul_sensor_backend_set_channel(thermometer, channel, &value, SHIFT);
}

int main(void)
{
	set_celsius(20);
	zephyr_wasm_start_all();
	for (int celsius = 21; celsius < 30; celsius++) {
		k_sleep(K_MSEC(100));
		set_celsius(celsius);
	}
	return 0;
}
