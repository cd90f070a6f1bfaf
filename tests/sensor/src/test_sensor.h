/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef TEST_SENSOR_H_
#define TEST_SENSOR_H_

#include <zephyr/device.h>

/** Sets what the sensor measures, and has its triggers fire. */
void test_sensor_set(const struct device *sensor, int lux);

/** How often it was asked for what it does not measure. */
int test_sensor_refusals(const struct device *sensor);

#endif /* TEST_SENSOR_H_ */
