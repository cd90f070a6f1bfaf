/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The store's flash and the requests of clients under libFuzzer, which scripts/fuzz builds with
 * clang: what other tests choose at random comes from its bytes. FUZZ_TARGET says which.
 */

#include <stdlib.h>
#include <string.h>

#include <zephyr/irq.h>

#include <irq_ctrl.h>
#include <nsi_cpu_if.h>
#include <nsi_main_semipublic.h>

#include "common.h"

/* One that nothing else has. */
#define FUZZ_IRQ 31

/* The most requests of an input. */
#define MOST_REQUESTS 12

static K_SEM_DEFINE(given, 0, 1);
static const uint8_t *input;
static size_t input_size;
static volatile bool is_done;

static void give(const void *argument)
{
	ARG_UNUSED(argument);
	k_sem_give(&given);
}

/* Never ends: a check that fails does, and with it the process, which libFuzzer tells. */
ZTEST(store, test_of_a_fuzzer)
{
	const char *target = getenv("FUZZ_TARGET");
	bool is_store = target != NULL && strcmp(target, "store_image") == 0;

	IRQ_CONNECT(FUZZ_IRQ, 0, give, NULL, 0);
	irq_enable(FUZZ_IRQ);
	damage_prepare();
	for (;;) {
		is_done = true;
		k_sem_take(&given, K_FOREVER);
		numbers_take(input, input_size);
		if (is_store) {
			damage_once(0);
			continue;
		}
		damage_none();
		for (int i = 0; i < MOST_REQUESTS && numbers_left() > 0; i++) {
			(void)smp_once();
		}
	}
}

static void run_until_done(void)
{
	while (!is_done) {
		nsi_exec_for(1000);
	}
}

NATIVE_SIMULATOR_IF int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool has_begun;
	static char *arguments[] = {"zephyr", "-test=store::test_of_a_fuzzer"};

	if (!has_begun) {
		nsi_init(ARRAY_SIZE(arguments), arguments);
		has_begun = true;
		run_until_done();
	}
	input = data;
	input_size = size;
	is_done = false;
	hw_irq_ctrl_set_irq(FUZZ_IRQ);
	run_until_done();
	return 0;
}
