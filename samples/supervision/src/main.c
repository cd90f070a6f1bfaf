/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Looks on as three apps are supervised: what their manifests say is all there is to it.
 */

#include <zephyr/logging/log.h>

#include <zephyr_wasm/zephyr_wasm.h>

LOG_MODULE_REGISTER(supervision);

static uint64_t cycles_of(const char *name)
{
	struct zephyr_wasm_status status = {0};

	(void)zephyr_wasm_status(zephyr_wasm_find(name), &status);
	return status.run_cycles;
}

int main(void)
{
	struct zephyr_wasm_app *polite, *moody;
	struct zephyr_wasm_status status;
	uint64_t before;

	if (zephyr_wasm_start_all() < 0) {
		return -ENOMEM;
	}
	polite = zephyr_wasm_find("polite");
	moody = zephyr_wasm_find("moody");

	k_sleep(K_MSEC(500));
	before = cycles_of("greedy");
	k_sleep(K_MSEC(1000));
	LOG_INF("greedy had %u %% of the processor",
		(unsigned int)((cycles_of("greedy") - before) * 100 /
			       sys_clock_hw_cycles_per_sec()));

	(void)zephyr_wasm_pause(polite);
	k_sleep(K_MSEC(100));
	before = cycles_of("polite");
	k_sleep(K_MSEC(200));
	LOG_INF("polite is paused, and %s", cycles_of("polite") == before ? "at rest" : "runs");
	(void)zephyr_wasm_resume(polite);
	if (zephyr_wasm_stop(polite, K_MSEC(500)) == 0) {
		LOG_INF("polite ended by itself");
	}

	(void)zephyr_wasm_status(moody, &status);
	LOG_INF("moody was started again %u times", status.restarts);
	(void)zephyr_wasm_kill(moody);
	(void)zephyr_wasm_kill(zephyr_wasm_find("greedy"));
	LOG_INF("done");
	return 0;
}
