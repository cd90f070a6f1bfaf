/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reads all channels of the meter, calibrated.
 */

#include <string.h>

#include <zephyr_wasm_guest.h>

/* Appends a number in decimal. */
static char *number(char *at, int32_t value)
{
	char digits[10];
	int count = 0;
	uint32_t rest = value < 0 ? -(uint32_t)value : (uint32_t)value;

	if (value < 0) {
		*at++ = '-';
	}
	do {
		digits[count++] = '0' + rest % 10;
		rest /= 10;
	} while (rest > 0);
	while (count > 0) {
		*at++ = digits[--count];
	}
	return at;
}

int32_t exports_app_run(void)
{
	int32_t offsets[] = {7, -3, 99};
	app_list_s32_t list = {offsets, 3};
	acme_meter_meter_reading_t reading;
	acme_meter_meter_error_t error;
	app_string_t model;
	char text[64];

	acme_meter_meter_model(&model);
	memcpy(text, model.ptr, model.len);
	text[model.len] = '\0';
	guest_info(text);
	app_string_free(&model);

	if (acme_meter_meter_calibrate(&list) != 2) {
		return 1;
	}
	for (uint8_t channel = 0; acme_meter_meter_read(channel, &reading, &error); channel++) {
		char *at = number(text, reading.milli);

		*at++ = ' ';
		*at++ = 'm';
		*at++ = reading.quantity == ACME_METER_METER_QUANTITY_VOLTAGE ? 'V' : 'A';
		if (reading.mean_of.is_some) {
			*at++ = '/';
			at = number(at, (int32_t)reading.mean_of.val);
		}
		*at = '\0';
		guest_info(text);
	}
	return error.tag == ACME_METER_METER_ERROR_NO_SUCH_CHANNEL ? 0 : 2;
}
