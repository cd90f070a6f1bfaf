/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Seven host APIs in 256 KiB of flash: starts a thermostat, tells it what to keep, and listens to
 * what it does.
 */

#include <string.h>

#include <zephyr/logging/log.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/zephyr_wasm.h>

LOG_MODULE_REGISTER(firmware, LOG_LEVEL_INF);

static void on_state(const struct zephyr_wasm_message *message)
{
	static bool was_heating;
	bool heats = message->size == 7 && memcmp(message->payload, "heating", 7) == 0;

	if (heats != was_heating) {
		LOG_INF("the heater is %s", heats ? "on" : "off");
		was_heating = heats;
	}
}

ZEPHYR_WASM_LISTENER_DEFINE(states, "thermostat/state", on_state);

int main(void)
{
	const uint8_t celsius = 22;

	zephyr_wasm_start_all();
	for (int tries = 0; tries < 50; tries++) {
		if (zephyr_wasm_publish("thermostat/set", &celsius, sizeof(celsius)) > 0) {
			break;
		}
		k_sleep(K_MSEC(10));
	}
	return 0;
}
