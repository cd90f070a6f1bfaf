/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A part of internal.h, which includes it: what looks after apps.
 */

#ifndef ZEPHYR_WASM_SRC_SUPERVISOR_H_
#define ZEPHYR_WASM_SRC_SUPERVISOR_H_

/** Reads what an app's manifest says of supervision, as its slot is taken. */
void zephyr_wasm_supervisor_enter(struct zephyr_wasm_app *app);

/** The app is about to run. */
void zephyr_wasm_supervisor_launched(struct zephyr_wasm_app *app);

/** The app can be seen, and so is looked after: a round before that would have been the last one.
 */
void zephyr_wasm_supervisor_published(const struct zephyr_wasm_app *app);

/** The app gives a sign of life. */
void zephyr_wasm_supervisor_beat(struct zephyr_wasm_app *app);

/** The app has ended: for good, or it is started again. */
void zephyr_wasm_supervisor_ended(struct zephyr_wasm_app *app);

/** The app is not started again from here on, also if it is waiting for that. */
void zephyr_wasm_supervisor_leave(struct zephyr_wasm_app *app);

#ifdef CONFIG_WASM_CPU_SHARES
/** What the calling thread, which is none of an app's, has run so far: what it runs from here on is
 * for an app. */
uint64_t zephyr_wasm_pay_from(void);

/** Has an app pay out of its share for what the calling thread has run since. */
void zephyr_wasm_pay(const struct zephyr_wasm_app *app, uint64_t from);

/** Whether an app has used up its share, so that nothing is to be done for it now. */
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
