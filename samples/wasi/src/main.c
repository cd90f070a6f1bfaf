/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Programs on a card, which an operator runs by the shell: wasm run /lfs/hello.wasm
 */

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include "card.h"

LOG_MODULE_REGISTER(wasi, LOG_LEVEL_INF);

int main(void)
{
	int result = card_begin();

	if (result != 0) {
		LOG_ERR("no card: %d", result);
		return 0;
	}
	LOG_INF("programs on %s: wasm run %s/hello.wasm", CARD, CARD);
	return 0;
}
