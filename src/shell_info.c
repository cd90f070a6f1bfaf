/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shell's commands "wasm info" and "wasm top".
 */

#include <zephyr/kernel.h>

#include "internal.h"
#include "shell.h"

#ifdef CONFIG_WASM_METRICS
static void print_calls(const struct shell *sh, struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_calls calls;

	shell_fprintf(sh, SHELL_NORMAL, "calls    ");
	for (size_t i = 0; zephyr_wasm_calls(app, i, &calls) == 0; i++) {
		if (calls.count > 0) {
			shell_fprintf(sh, SHELL_NORMAL, " %s %u", calls.api, calls.count);
		}
	}
	shell_fprintf(sh, SHELL_NORMAL, "\n");
}
#endif

int zephyr_wasm_shell_info(const struct shell *sh, size_t argc, char **argv)
{
	static struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app = zephyr_wasm_shell_app(sh, argv[1]);

	ARG_UNUSED(argc);
	if (app == NULL) {
		return -ENOENT;
	}
	(void)zephyr_wasm_status(app, &status);
	shell_print(sh, "state     %s", zephyr_wasm_state_name(status.state));
	shell_print(sh, "heap      %zu bytes now, %zu at most, of %zu", status.heap_used,
		    status.heap_peak, status.heap_size);
	shell_print(sh, "memory    %zu bytes as it began", status.linear_memory);
	shell_print(sh, "stack     %zu bytes at most, of %zu", status.stack_peak,
		    status.stack_size);
	shell_print(sh, "handles   %zu in host APIs, of %d", status.held, CONFIG_WASM_APP_HANDLES);
	shell_print(sh, "ran       %u ms", (uint32_t)k_cyc_to_ms_floor64(status.run_cycles));
#ifdef CONFIG_WASM_METRICS
	shell_print(sh, "wakeups   %u", status.wakeups);
	print_calls(sh, app);
#endif
#ifdef CONFIG_WASM_SUPERVISOR
	shell_print(sh, "restarts  %u", status.restarts);
	if (app->supervision.share != 0) {
		shell_print(sh, "cpu       %u %% at most", app->supervision.share);
	}
	if (app->supervision.heartbeat != 0) {
		shell_print(sh, "heartbeat %u ms at most, the last %u ms ago",
			    app->supervision.heartbeat,
			    (uint32_t)(k_uptime_get() - app->supervision.beaten));
	}
#endif
	if (status.message[0] != '\0') {
		shell_print(sh, "last end  %s", status.message);
	}
	return 0;
}

int zephyr_wasm_shell_top(const struct shell *sh, size_t argc, char **argv)
{
	/* When it was looked last, in cycles. */
	static uint64_t looked;
	static struct zephyr_wasm_status status;
	uint64_t now = k_ms_to_cyc_floor64(k_uptime_get());

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);
	shell_print(sh, "%-16s %-11s %4s %9s %9s %7s %8s", "name", "state", "cpu%", "heap", "stack",
		    "handles", "restarts");
	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		uint64_t since;

		(void)zephyr_wasm_status(app, &status);
		/* Fewer than before are those of a thread that was started anew. */
		since = status.run_cycles;
		since -= since >= app->shown_cycles ? app->shown_cycles : 0;
		app->shown_cycles = status.run_cycles;
		shell_print(sh, "%-16s %-11s %4u %9zu %9zu %7zu %8u", app->image->name,
			    zephyr_wasm_state_name(status.state),
			    (unsigned int)(100 * since / MAX(now - looked, 1)), status.heap_peak,
			    status.stack_peak, status.held, status.restarts);
	}
	looked = now;
	return 0;
}
