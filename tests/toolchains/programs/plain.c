/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app in C without libc, our headers or generated bindings: the host function is imported as it
 * is.
 */

#include "primes.h"

__attribute__((import_module("wasi:logging/logging@0.1.0-draft"), import_name("log"))) void
log_text(int level, const char *context, unsigned long context_size, const char *text,
	 unsigned long size);

__attribute__((export_name("run"))) int run(void)
{
	static const char text[] = "counted";

	log_text(2, "", 0, text, sizeof(text) - 1);
	return count_primes();
}
