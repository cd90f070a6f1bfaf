/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A room with a thermometer: half a degree warmer at each look while its heater is on, half a
 * degree colder while it is not.
 */

#define DT_DRV_COMPAT zephyr_wasm_sample_room

#include <zephyr/device.h>
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/sensor.h>

static int half_degrees = 2 * 18;

static int fetch(const struct device *room, enum sensor_channel channel)
{
	const struct gpio_dt_spec *heater = room->config;

	ARG_UNUSED(channel);
	half_degrees += gpio_pin_get_dt(heater) == 1 ? 1 : -1;
	return 0;
}

static int get(const struct device *room, enum sensor_channel channel, struct sensor_value *value)
{
	ARG_UNUSED(room);
	if (channel != SENSOR_CHAN_AMBIENT_TEMP) {
		return -ENOTSUP;
	}
	return sensor_value_from_milli(value, half_degrees * 500);
}

static DEVICE_API(sensor, api) = {
	.sample_fetch = fetch,
	.channel_get = get,
};

static const struct gpio_dt_spec heater = GPIO_DT_SPEC_INST_GET(0, heater_gpios);

SENSOR_DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, &heater, POST_KERNEL, CONFIG_SENSOR_INIT_PRIORITY,
			     &api);
