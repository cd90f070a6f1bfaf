/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Starts the apps that the build embedded, and answers a question of one of them.
 */

#include <string.h>

#include <zephyr/logging/log.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/zephyr_wasm.h>

LOG_MODULE_REGISTER(firmware, LOG_LEVEL_INF);

static void on_question(const struct zephyr_wasm_message *message)
{
	if (message->size == 3 && memcmp(message->payload, "2+2", 3) == 0) {
		(void)zephyr_wasm_respond(message->request, "4", 1);
	}
}

ZEPHYR_WASM_LISTENER_DEFINE(questions, "ask/firmware", on_question);

int main(void)
{
	char answer[8];

	if (zephyr_wasm_publish("nobody/listens", "x", 1) == 0) {
		LOG_INF("nobody listens yet");
	}
	if (zephyr_wasm_request("ask/firmware", "2+2", 3, answer, sizeof(answer), 100) == 1) {
		LOG_INF("%c, says the firmware to itself", answer[0]);
	}
	zephyr_wasm_start_all();
	return 0;
}
