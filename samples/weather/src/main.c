/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A weather station: starts the apps that the build embedded, beside a thermometer that is
 * emulated.
 */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/emul_sensor.h>
#include <zephyr/drivers/sensor.h>

#include <zephyr_wasm/zephyr_wasm.h>

/* Emulators take fixed-point numbers: a fraction of 1 << SHIFT. */
#define SHIFT 8

static void set_half_degrees(int half_degrees)
{
	const struct emul *thermometer = EMUL_DT_GET(DT_NODELABEL(thermometer));
	const struct sensor_chan_spec channel = {.chan_type = SENSOR_CHAN_AMBIENT_TEMP};
	q31_t value = (q31_t)(((int64_t)half_degrees << 30) >> SHIFT);

	(void)emul_sensor_backend_set_channel(thermometer, channel, &value, SHIFT);
}

int main(void)
{
	set_half_degrees(2 * 20);
	zephyr_wasm_start_all();
	/* From 20.0 to 24.5 degrees, and back. */
	for (int tick = 0;; tick++) {
		int step = tick % 18;

		set_half_degrees(2 * 20 + (step < 9 ? step : 18 - step));
		k_sleep(K_SECONDS(1));
	}
	return 0;
}
