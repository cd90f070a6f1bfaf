/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A PWM controller that says what it is set to.
 */

#define DT_DRV_COMPAT zephyr_wasm_sample_pwm

#include <zephyr/device.h>
#include <zephyr/drivers/pwm.h>
#include <zephyr/logging/log.h>

LOG_MODULE_DECLARE(firmware);

static int set_cycles(const struct device *controller, uint32_t channel, uint32_t period,
		      uint32_t pulse, pwm_flags_t flags)
{
	ARG_UNUSED(controller);
	ARG_UNUSED(channel);
	ARG_UNUSED(flags);
	LOG_INF("pulses of %u of %u ns", pulse, period);
	return 0;
}

/* A cycle is a nanosecond. */
static int get_cycles_per_sec(const struct device *controller, uint32_t channel, uint64_t *cycles)
{
	ARG_UNUSED(controller);
	ARG_UNUSED(channel);
	*cycles = NSEC_PER_SEC;
	return 0;
}

static DEVICE_API(pwm, api) = {
	.set_cycles = set_cycles,
	.get_cycles_per_sec = get_cycles_per_sec,
};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, CONFIG_PWM_INIT_PRIORITY, &api);
