/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Programs on a card, which an operator runs by the shell: wasm run /lfs/hello.wasm
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

#include "card.h"

int main(void)
{
	int result = card_begin();

	if (result != 0) {
		printk("no card: %d\n", result);
		return 0;
	}
	printk("programs on %s: wasm run %s/hello.wasm\n", CARD, CARD);
	return 0;
}
