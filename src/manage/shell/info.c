/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shell's commands "wasm info" (one app beside its limits) and "wasm top" (all apps).
 */

#include <zephyr/kernel.h>

#include "core/app.h"
#include "core/names.h"
#include "core/observer.h"
#include "core/slots.h"
#include "observe/log_rate.h"
#include "observe/supervisor.h"
#include "shell.h"
#include "zephyr_wasm_declared.h"
#include "zephyr_wasm_manifest.h"

/* Stands for a number that is not counted. It is shown as a dash. */
#define UNKNOWN SIZE_MAX

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

/* Returns a limit: that of the app's manifest, or else @p otherwise. */
static uint32_t setting(const struct zephyr_wasm_app *app, const char *key, uint32_t otherwise)
{
	return zephyr_wasm_rs_setting(app->image->wasm, app->image->size, key, otherwise);
}

/* The limits for which no use is counted. Generated from the table of rust/manifest. */
#define UNCOUNTED(of, most) {.key = (of), .limit = (most)},
static const struct {
	const char *key;
	uint32_t limit;
} uncounted[] = {ZEPHYR_WASM_UNCOUNTED(UNCOUNTED)};

/* Prints a line with what an app uses, and the limit. */
static void print_use(const struct shell *sh, const char *what, size_t now, size_t peak,
		      size_t limit)
{
	const size_t numbers[] = {now, peak, limit};

	shell_fprintf(sh, SHELL_NORMAL, "%-11s", what);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (numbers[i] == UNKNOWN) {
			shell_fprintf(sh, SHELL_NORMAL, " %9s", "-");
		} else {
			shell_fprintf(sh, SHELL_NORMAL, " %9zu", numbers[i]);
		}
	}
	shell_fprintf(sh, SHELL_NORMAL, "\n");
}

static void print_limits(const struct shell *sh, const struct zephyr_wasm_app *app,
			 const struct zephyr_wasm_status *status)
{
	size_t memory = MIN(setting(app, ZEPHYR_WASM_KEY_MEMORY, UINT32_MAX), status->heap_size);
	size_t handles = setting(app, ZEPHYR_WASM_KEY_HANDLES, CONFIG_WASM_APP_HANDLE_COUNT);
	size_t held_peak = IS_ENABLED(CONFIG_WASM_METRICS) ? status->held_peak : UNKNOWN;
	size_t heap = IS_ENABLED(CONFIG_SYS_HEAP_RUNTIME_STATS) ? status->heap_used : UNKNOWN;
	size_t heap_peak = IS_ENABLED(CONFIG_SYS_HEAP_RUNTIME_STATS) ? status->heap_peak : UNKNOWN;
	size_t stack_peak = IS_ENABLED(CONFIG_INIT_STACKS) ? status->stack_peak : UNKNOWN;
	uint32_t timers = setting(app, ZEPHYR_WASM_KEY_TIMERS, 0);

	shell_print(sh, "%-11s %9s %9s %9s", "", "now", "at most", "limit");
	print_use(sh, "heap", heap, heap_peak, status->heap_size);
	print_use(sh, "memory", status->linear_memory, status->linear_memory, memory);
	print_use(sh, "stack", UNKNOWN, stack_peak, status->stack_size);
	for (size_t i = 0; i < ARRAY_SIZE(uncounted); i++) {
		print_use(sh, uncounted[i].key, UNKNOWN, UNKNOWN,
			  setting(app, uncounted[i].key, uncounted[i].limit));
	}
	print_use(sh, "handles", status->held, held_peak, handles);
	if (timers != 0) {
		print_use(sh, "timers", UNKNOWN, UNKNOWN, timers);
	}
#ifdef CONFIG_WASM_LOG_LIMIT
	print_use(sh, "log-lines/s", zephyr_wasm_log_rate_of(app)->lines, UNKNOWN,
		  zephyr_wasm_log_rate_of(app)->most);
#endif
#ifdef CONFIG_WASM_CPU_SHARES
	if (zephyr_wasm_supervised_of(app)->share != 0) {
		print_use(sh, "cpu %", UNKNOWN, UNKNOWN, zephyr_wasm_supervised_of(app)->share);
	}
#endif
}

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
	if (IS_ENABLED(CONFIG_WASM_COMPILED)) {
		shell_print(sh, "code      %s", status.compiled ? "compiled" : "interpreted");
	}
	print_limits(sh, app, &status);
	shell_print(sh, "ran       %u ms", (uint32_t)k_cyc_to_ms_floor64(status.run_cycles));
#ifdef CONFIG_WASM_METRICS
	shell_print(sh, "wakeups   %u", status.wakeups);
	print_calls(sh, app);
#endif
#ifdef CONFIG_WASM_SUPERVISOR
	shell_print(sh, "restarts  %u", status.restarts);
	if (zephyr_wasm_supervised_of(app)->heartbeat != 0) {
		const struct zephyr_wasm_supervised *of = zephyr_wasm_supervised_of(app);

		shell_print(sh, "heartbeat %u ms at most, the last %u ms ago", of->heartbeat,
			    (uint32_t)(k_uptime_get() - of->beaten));
	}
#endif
	if (status.message[0] != '\0') {
		shell_print(sh, "last end  %s", status.message);
	}
	return 0;
}

/* The cycles that the app on each slot had run when "wasm top" last showed it. */
static uint64_t shown_cycles[CONFIG_WASM_MAX_APPS];

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	if (event == ZEPHYR_WASM_EVENT_TAKEN) {
		shown_cycles[zephyr_wasm_slot_of(app)] = 0;
	}
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, shell) = {.on = on};

int zephyr_wasm_shell_top(const struct shell *sh, size_t argc, char **argv)
{
	/* The time of the last "wasm top", in cycles. "cpu%" is relative to the time since then. */
	static uint64_t looked;
	static struct zephyr_wasm_status status;
	const int64_t uptime = k_uptime_get();
	uint64_t now = k_ms_to_cyc_floor64(uptime);

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);
	shell_print(sh, "%-16s %-11s %4s %9s %9s %7s %8s", "name", "state", "cpu%", "heap", "stack",
		    "handles", "restarts");
	for (struct zephyr_wasm_app *app = NULL; (app = zephyr_wasm_next(app)) != NULL;) {
		char name[ZEPHYR_WASM_NAMED_SIZE];
		uint64_t *shown = &shown_cycles[zephyr_wasm_slot_of(app)];
		uint64_t since;

		(void)zephyr_wasm_status(app, &status);
		/* If there are fewer cycles than before, the app was started again, on a new
		 * thread. */
		since = status.run_cycles;
		since -= since >= *shown ? *shown : 0;
		*shown = status.run_cycles;
		zephyr_wasm_name_of(app, name, sizeof(name));
		shell_print(sh, "%-16s %-11s %4u %9zu %9zu %7zu %8u", name,
			    zephyr_wasm_state_name(status.state),
			    (unsigned int)(100 * since / MAX(now - looked, 1)), status.heap_peak,
			    status.stack_peak, status.held, status.restarts);
	}
	looked = now;
	return 0;
}
