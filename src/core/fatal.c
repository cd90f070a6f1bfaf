/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Makes a fault on an app's thread the end of that app, and not of the firmware.
 */

#include <zephyr/arch/cpu.h>
#include <zephyr/fatal.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log_ctrl.h>

#include "app.h"
#include "thread.h"

static bool is_in_interrupt(const struct arch_esf *esf)
{
#if defined(CONFIG_CPU_CORTEX_M)
	/* The number of the exception that was being handled; 0 on a thread. */
	return esf != NULL && (esf->basic.xpsr & 0x1ff) != 0;
#else
	ARG_UNUSED(esf);
	return false;
#endif
}

bool zephyr_wasm_fatal(unsigned int reason, const struct arch_esf *esf)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();
	/* With the size profile, panics in Rust are compiled to aborts, which are faults like
	 * others. */
	bool is_panic = reason == K_ERR_KERNEL_PANIC;

	if (app == NULL || reason == K_ERR_SPURIOUS_IRQ || is_in_interrupt(esf)) {
		return false;
	}
	zephyr_wasm_note_end(app, is_panic ? ZEPHYR_WASM_END_PANICKED : ZEPHYR_WASM_END_FAULTED,
			     (int32_t)reason);
	return true;
}

#ifdef CONFIG_WASM_FATAL_HANDLER
void k_sys_fatal_error_handler(unsigned int reason, const struct arch_esf *esf)
{
	if (zephyr_wasm_fatal(reason, esf)) {
		/* Zephyr aborts the thread. */
		return;
	}
	/* The same as Zephyr's own handler. */
	LOG_PANIC();
	k_fatal_halt(reason);
}
#endif
