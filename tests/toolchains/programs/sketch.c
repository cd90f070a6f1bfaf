/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A program as Arduino has them: setup(), and then loop() for ever, or until it ends itself.
 */

#include "primes.h"

__attribute__((import_module("wasi_snapshot_preview1"), import_name("proc_exit"))) void
leave(int code);

static int primes;
static int number;

__attribute__((export_name("setup"))) void setup(void)
{
	primes = count_primes();
}

__attribute__((export_name("loop"))) void loop(void)
{
	/* A sketch goes on for ever; a test does not. */
	if (number == LIMIT) {
		leave(primes);
	}
	number++;
}
