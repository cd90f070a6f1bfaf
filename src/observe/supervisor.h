/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The supervisor of apps (CONFIG_WASM_SUPERVISOR).
 */

#ifndef ZEPHYR_WASM_SRC_SUPERVISOR_H_
#define ZEPHYR_WASM_SRC_SUPERVISOR_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/kernel.h>

struct zephyr_wasm_app;

/** The value of `restart` for an app that is not started again. */
#define ZEPHYR_WASM_RESTART_NEVER 0

/** The supervisor's data of an app: struct Supervised of rust/supervise, which describes the
 * fields. Times are milliseconds of uptime. */
struct zephyr_wasm_supervised {
	uint32_t restart;
	uint32_t restarts;
	uint32_t backoff;
	uint32_t heartbeat;
	uint32_t share;
	uint32_t charged;
	uint32_t owed;
	int64_t launched;
	int64_t beaten;
	int64_t looked;
	int64_t saved;
	uint64_t cycles;
};

/** Returns the supervisor's data of an app. */
const struct zephyr_wasm_supervised *zephyr_wasm_supervised_of(const struct zephyr_wasm_app *app);

/** Notes a heartbeat of an app. */
#ifdef CONFIG_WASM_SUPERVISOR
void zephyr_wasm_supervisor_beat(struct zephyr_wasm_app *app);
#else
static inline void zephyr_wasm_supervisor_beat(struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
}
#endif

#ifdef CONFIG_WASM_CPU_SHARES
/** For a thread that works for an app, such as the one that samples sensors. Returns how long the
 * calling thread has run so far, in cycles. zephyr_wasm_pay() charges the app for what follows. */
uint64_t zephyr_wasm_pay_from(void);

/** Charges an app's share of the processor for what the calling thread has run since
 * zephyr_wasm_pay_from(). */
void zephyr_wasm_pay(const struct zephyr_wasm_app *app, uint64_t from);

/** Whether an app has used up its share, so that nothing may be done for it now. */
bool zephyr_wasm_is_over_share(const struct zephyr_wasm_app *app);
#else
static inline uint64_t zephyr_wasm_pay_from(void)
{
	return 0;
}

static inline void zephyr_wasm_pay(const struct zephyr_wasm_app *app, uint64_t from)
{
	ARG_UNUSED(app);
	ARG_UNUSED(from);
}

static inline bool zephyr_wasm_is_over_share(const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	return false;
}
#endif

#endif /* ZEPHYR_WASM_SRC_SUPERVISOR_H_ */
