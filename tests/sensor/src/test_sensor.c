/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A light sensor whose value the test sets, with the triggers that drivers have.
 */

#define DT_DRV_COMPAT zephyr_wasm_test_sensor

#include <zephyr/device.h>
#include <zephyr/drivers/sensor.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/__assert.h>

#include "test_sensor.h"

struct data {
	int lux;
	/* Which threshold is set, and where. */
	enum sensor_attribute threshold;
	int limit;
	sensor_trigger_handler_t on_data, on_threshold;
	const struct sensor_trigger *data_trigger, *threshold_trigger;
	/* How often it was read, asked for what it does not measure, and given a threshold. */
	int fetches, refusals, thresholds;
	bool is_broken;
};

static int fetch(const struct device *sensor, enum sensor_channel channel)
{
	struct data *data = sensor->data;

	if (data->is_broken) {
		data->is_broken = false;
		k_oops();
	}
	if (channel != SENSOR_CHAN_LIGHT && channel != SENSOR_CHAN_ALL) {
		data->refusals++;
		return -ENOTSUP;
	}
	data->fetches++;
	return 0;
}

/* As many drivers do, it expects to be asked for all. */
static int fetch_all(const struct device *sensor, enum sensor_channel channel)
{
	__ASSERT_NO_MSG(channel == SENSOR_CHAN_ALL);
	return fetch(sensor, SENSOR_CHAN_ALL);
}

static int get(const struct device *sensor, enum sensor_channel channel, struct sensor_value *value)
{
	struct data *data = sensor->data;

	if (channel != SENSOR_CHAN_LIGHT) {
		data->refusals++;
		return -ENOTSUP;
	}
	*value = (struct sensor_value){.val1 = data->lux};
	return 0;
}

static int set_attribute(const struct device *sensor, enum sensor_channel channel,
			 enum sensor_attribute attribute, const struct sensor_value *value)
{
	struct data *data = sensor->data;

	if (channel != SENSOR_CHAN_LIGHT ||
	    (attribute != SENSOR_ATTR_UPPER_THRESH && attribute != SENSOR_ATTR_LOWER_THRESH)) {
		return -ENOTSUP;
	}
	data->thresholds++;
	data->threshold = attribute;
	data->limit = value->val1;
	return 0;
}

static int set_trigger(const struct device *sensor, const struct sensor_trigger *trigger,
		       sensor_trigger_handler_t handler)
{
	struct data *data = sensor->data;

	switch (trigger->type) {
	case SENSOR_TRIG_DATA_READY:
		data->on_data = handler;
		data->data_trigger = trigger;
		return 0;
	case SENSOR_TRIG_THRESHOLD:
		data->on_threshold = handler;
		data->threshold_trigger = trigger;
		return 0;
	default:
		return -ENOTSUP;
	}
}

void test_sensor_set(const struct device *sensor, int lux)
{
	struct data *data = sensor->data;
	bool rises = data->lux <= data->limit && lux > data->limit;
	bool falls = data->lux >= data->limit && lux < data->limit;
	bool crosses = data->threshold == SENSOR_ATTR_UPPER_THRESH ? rises : falls;

	data->lux = lux;
	if (data->on_data != NULL) {
		data->on_data(sensor, data->data_trigger);
	}
	if (crosses && data->on_threshold != NULL) {
		/* As some drivers do, by a copy of its own. */
		const struct sensor_trigger copy = *data->threshold_trigger;

		data->on_threshold(sensor, &copy);
	}
}

bool test_sensor_is_watched(const struct device *sensor)
{
	const struct data *data = sensor->data;

	return data->on_data != NULL;
}

int test_sensor_insist(const struct device *sensor, int most)
{
	struct data *data = sensor->data;
	int before = data->fetches;
	int calls = 0;

	while (data->on_data != NULL && data->fetches == before && calls < most) {
		data->on_data(sensor, data->data_trigger);
		calls++;
	}
	return calls;
}

void test_sensor_break(const struct device *sensor)
{
	struct data *data = sensor->data;

	data->is_broken = true;
}

int test_sensor_refusals(const struct device *sensor)
{
	const struct data *data = sensor->data;

	return data->refusals;
}

int test_sensor_thresholds(const struct device *sensor)
{
	const struct data *data = sensor->data;

	return data->thresholds;
}

static DEVICE_API(sensor, api) = {
	.sample_fetch = fetch,
	.channel_get = get,
	.attr_set = set_attribute,
	.trigger_set = set_trigger,
};

static DEVICE_API(sensor, silent_api) = {
	.sample_fetch = fetch_all,
	.channel_get = get,
	.attr_set = set_attribute,
};

#define DEFINE(n)                                                                                  \
	static struct data data_##n;                                                               \
	SENSOR_DEVICE_DT_INST_DEFINE(                                                              \
		n, NULL, NULL, &data_##n, NULL, POST_KERNEL, CONFIG_SENSOR_INIT_PRIORITY,          \
		COND_CODE_1(DT_INST_PROP(n, no_triggers), (&silent_api), (&api)));

DT_INST_FOREACH_STATUS_OKAY(DEFINE)
