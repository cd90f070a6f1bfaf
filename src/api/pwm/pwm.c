/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:pwm, by Zephyr's PWM controllers.
 */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/pwm.h>

#include "api/buses.h"
#include "core/names.h"
#include "core/pool.h"
#include "core/wall.h"
#include "observe/log_rate.h"
#include "zephyr_wasm_declared.h"

#define NODE DT_COMPAT_GET_ANY_STATUS_OKAY(zephyr_wasm_pwms)
#define ENTRY(node)                                                                                \
	{                                                                                          \
		.name = DT_NODE_FULL_NAME(node),                                                   \
		.spec = PWM_DT_SPEC_GET(node),                                                     \
	},

static const struct {
	const char *name;
	struct pwm_dt_spec spec;
} names[] = {
#if DT_HAS_COMPAT_STATUS_OKAY(zephyr_wasm_pwms)
	DT_FOREACH_CHILD_STATUS_OKAY(NODE, ENTRY)
#endif
};

/* Drivers keep shared state of a controller's outputs without a lock. */
ZEPHYR_WASM_BUS_LOCKS_DEFINE(names, spec.dev)

struct output {
	zephyr_wasm_owner_t owner;
	const struct pwm_dt_spec *spec;
	/* The index of `spec` in the list of names. */
	size_t place;
};

/* Whether a period is at least one cycle of the controller. With a shorter one, drivers divide by
 * zero, or search for a divider without end. The NuMaker driver also divides by the number of
 * periods per second. */
static bool is_possible(const struct pwm_dt_spec *spec, uint32_t period)
{
	uint64_t a_second;

	if (IS_ENABLED(CONFIG_PWM_NUMAKER) && period > NSEC_PER_SEC) {
		return false;
	}
	/* A failure here is reported when the output is set. */
	return pwm_get_cycles_per_sec(spec->dev, spec->channel, &a_second) != 0 ||
	       period * a_second >= NSEC_PER_SEC;
}

static void close(void *slot)
{
	struct output *output = slot;
	const struct pwm_dt_spec *spec = output->spec;

	if (spec != NULL) {
		ZEPHYR_WASM_BUS_LOCK(names, output->place);
		/* The devicetree may have no period, because apps set it. */
		(void)pwm_set_dt(spec,
				 is_possible(spec, spec->period) ? spec->period : NSEC_PER_MSEC, 0);
		ZEPHYR_WASM_BUS_UNLOCK(names, output->place);
	}
}

ZEPHYR_WASM_POOL_DEFINE(outputs, struct output, CONFIG_WASM_PWM_OUTPUT_COUNT, close);

/** Opens an output. Returns its number. */
int32_t zephyr_wasm_pwm_open(const char *name, size_t length)
{
	int32_t place =
		zephyr_wasm_find_name(names, ARRAY_SIZE(names), sizeof(names[0]), name, length);
	bool is_taken = false;
	struct output *output;
	int32_t number;

	if (place < 0 || !pwm_is_ready_dt(&names[place].spec)) {
		return FAILURE_UNKNOWN;
	}
	number = zephyr_wasm_pool_take(&outputs);
	if (number < 0) {
		return number;
	}
	output = zephyr_wasm_pool_slot(&outputs, number);
	k_sched_lock();
	for (size_t i = 0; i < ARRAY_SIZE(outputs_slots); i++) {
		is_taken |= outputs_slots[i].owner != NULL &&
			    outputs_slots[i].spec == &names[place].spec;
	}
	if (!is_taken) {
		output->spec = &names[place].spec;
		output->place = (size_t)place;
	}
	k_sched_unlock();
	if (is_taken) {
		zephyr_wasm_pool_give(&outputs, number);
		return FAILURE_BUSY;
	}
	return number;
}

int32_t zephyr_wasm_pwm_set(uint32_t number, uint32_t period, uint32_t pulse)
{
	struct output *output = zephyr_wasm_pool_slot(&outputs, number);
	int result;

	if (!zephyr_wasm_holds(pulse <= period) || !is_possible(output->spec, period)) {
		return FAILURE_INVALID;
	}
	ZEPHYR_WASM_BUS_LOCK(names, output->place);
	result = pwm_set_dt(output->spec, period, pulse);
	ZEPHYR_WASM_BUS_UNLOCK(names, output->place);
	if (result == 0) {
		return 0;
	}
	zephyr_wasm_failed();
	return result == -EINVAL || result == -ENOTSUP ? FAILURE_INVALID : FAILURE_IO;
}

void zephyr_wasm_pwm_close(uint32_t number)
{
	zephyr_wasm_pool_give(&outputs, number);
}
