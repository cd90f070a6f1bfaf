/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:adc, by Zephyr's drivers for converters.
 */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/adc.h>
#include <zephyr/kernel.h>

#include "core/locks.h"
#include "core/names.h"
#include "core/thread.h"
#include "observe/log_rate.h"
#include "zephyr_wasm_declared.h"

#define NODE DT_COMPAT_GET_ANY_STATUS_OKAY(zephyr_wasm_adcs)
#define ENTRY(node)                                                                                \
	{                                                                                          \
		.name = DT_NODE_FULL_NAME(node),                                                   \
		.spec = ADC_DT_SPEC_GET(node),                                                     \
	},

static const struct {
	const char *name;
	struct adc_dt_spec spec;
} inputs[] = {
#if DT_HAS_COMPAT_STATUS_OKAY(zephyr_wasm_adcs)
	DT_FOREACH_CHILD_STATUS_OKAY(NODE, ENTRY)
#endif
};

/* Apps may share a converter, whose channel is set up before each reading. */
static K_MUTEX_DEFINE(lock);

ZEPHYR_WASM_LOCKS_DEFINE(adc_locks, &lock, 1);

/* Not on a thread's stack, and larger than drivers are told. The driver of the AD4052 may write a
 * third byte. The driver of the ADS1x4S0x has a thread that may write after the read has timed out.
 */
static union {
	int16_t value;
	uint32_t room;
} raw;

static int read(const struct adc_dt_spec *spec, int32_t *microvolts)
{
	struct adc_sequence sequence = {.buffer = &raw.value, .buffer_size = sizeof(raw.value)};
	/* Where there is room for a sign. The value of a single input is below 0 with some
	 * converters (ADS1x1x) if that is a little below ground. */
	const bool is_signed = spec->channel_cfg.differential || spec->resolution < 16;
	int result = adc_channel_setup_dt(spec);

	raw.room = 0;
	if (result == 0) {
		result = adc_sequence_init_dt(spec, &sequence);
	}
	if (result == 0) {
		result = adc_read_dt(spec, &sequence);
	}
	/* For converters of up to 16 bits. */
	*microvolts = is_signed ? raw.value : (uint16_t)raw.value;
	return result == 0 ? adc_raw_to_microvolts_dt(spec, microvolts) : result;
}

int32_t zephyr_wasm_adc_read(const char *name, size_t length, int32_t *microvolts)
{
	int32_t place =
		zephyr_wasm_find_name(inputs, ARRAY_SIZE(inputs), sizeof(inputs[0]), name, length);
	int result;

	if (place < 0 || !adc_is_ready_dt(&inputs[place].spec)) {
		return FAILURE_UNKNOWN;
	}
	zephyr_wasm_hurry_current();
	k_mutex_lock(&lock, K_FOREVER);
	result = read(&inputs[place].spec, microvolts);
	k_mutex_unlock(&lock);
	if (result >= 0) {
		return 0;
	}
	zephyr_wasm_failed();
	return FAILURE_IO;
}
