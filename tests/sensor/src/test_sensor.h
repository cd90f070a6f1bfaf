/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef TEST_SENSOR_H_
#define TEST_SENSOR_H_

#include <stdbool.h>

#include <zephyr/device.h>

/** Sets what the sensor measures, and has its triggers fire. */
void test_sensor_set(const struct device *sensor, int lux);

/** Whether somebody is told of new data. */
bool test_sensor_is_watched(const struct device *sensor);

/** Tells of new data again and again until that is read, or as often as @p most: how often. */
int test_sensor_insist(const struct device *sensor, int most);

/** Has whoever reads it next fault in its driver. */
void test_sensor_break(const struct device *sensor);

/** How often it was asked for what it does not measure. */
int test_sensor_refusals(const struct device *sensor);

/** How often a threshold of it was set. */
int test_sensor_thresholds(const struct device *sensor);

#endif /* TEST_SENSOR_H_ */
