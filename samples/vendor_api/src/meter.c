/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * acme:meter, as the generated header wants it.
 */

#include <string.h>

#include <zephyr/sys/util.h>

#include "meter.h"

/* What stands for the meter's registers. */
static int32_t channels[] = {3300, -120};

void acme_meter_meter_model(zephyr_wasm_text_t *result)
{
	static const char model[] = "Acme PM2";

	result->data = model;
	result->size = strlen(model);
}

void acme_meter_meter_read(uint8_t channel, acme_meter_meter_result_reading_error_t *result)
{
	if (channel >= ARRAY_SIZE(channels)) {
		result->is_err = true;
		result->err.tag = ACME_METER_METER_ERROR_NO_SUCH_CHANNEL;
		result->err.no_such_channel = ARRAY_SIZE(channels);
		return;
	}
	result->is_err = false;
	result->ok.quantity = channel == 0 ? ACME_METER_METER_QUANTITY_VOLTAGE
					   : ACME_METER_METER_QUANTITY_CURRENT;
	result->ok.milli = channels[channel];
	result->ok.mean_of.is_some = channel == 1;
	result->ok.mean_of.some = 16;
}

uint32_t acme_meter_meter_calibrate(const acme_meter_meter_list_s32_t *offsets)
{
	size_t known = MIN(offsets->size, ARRAY_SIZE(channels));

	for (size_t i = 0; i < known; i++) {
		channels[i] += offsets->data[i];
	}
	return known;
}
