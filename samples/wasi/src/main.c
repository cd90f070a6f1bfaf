/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Programs on a card, which an operator runs by the shell: wasm run /lfs/hello.wasm
 * Compiled programs are part of the firmware, and only their files are on the card: wasm run hello
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "card.h"

int main(void)
{
	int result = card_begin();

	if (IS_ENABLED(CONFIG_WASM_INTERPRETER) && result == 0) {
		result = card_add_programs();
	}
	if (result != 0) {
		printk("no card: %d\n", result);
	} else if (IS_ENABLED(CONFIG_WASM_INTERPRETER)) {
		printk("programs on %s: wasm run %s/hello.wasm\n", CARD, CARD);
	} else {
		printk("files on %s: wasm run hello\n", CARD);
	}
	return 0;
}
