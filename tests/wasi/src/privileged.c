/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How much of the kernel's stacks the calls of programs take.
 */

#include <string.h>

#include "common.h"
#include "zephyr_wasm_gate.h"

#define PATTERN 0xa5

/* What has to be left of a stack, for calls and drivers that this test does not have. */
#define SPARE 512

/* Of Zephyr's kernel/include. */
uint8_t *z_priv_stack_find(k_thread_stack_t *stack);

void privileged_begin(void)
{
	for (size_t i = 0; i < CONFIG_WASM_MAX_APPS; i++) {
		memset(z_priv_stack_find(zephyr_wasm_stacks[i]), PATTERN,
		       CONFIG_PRIVILEGED_STACK_SIZE);
	}
}

void privileged_end(void)
{
	size_t most = 0;

	for (size_t i = 0; i < CONFIG_WASM_MAX_APPS; i++) {
		const uint8_t *stack = z_priv_stack_find(zephyr_wasm_stacks[i]);
		size_t unused = 0;

		while (unused < CONFIG_PRIVILEGED_STACK_SIZE && stack[unused] == PATTERN) {
			unused++;
		}
		most = MAX(most, CONFIG_PRIVILEGED_STACK_SIZE - unused);
	}
	TC_PRINT("%zu of %d bytes of the kernel's stacks for programs\n", most,
		 CONFIG_PRIVILEGED_STACK_SIZE);
	zassert_true(most + SPARE <= CONFIG_PRIVILEGED_STACK_SIZE, "%zu bytes", most);
}
