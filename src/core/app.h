/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The state of an app, and the functions by which it is started and ended. slots.c says who may
 * change what of it, and when.
 */

#ifndef ZEPHYR_WASM_SRC_APP_H_
#define ZEPHYR_WASM_SRC_APP_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/sys_heap.h>

#include <zephyr_wasm/host.h>
#include <zephyr_wasm/zephyr_wasm.h>

#include "linear.h"
#include "zephyr_wasm_declared.h"

/** Whether an app is in a host call, during which it must not be killed, and what waits for the
 * call to end. */
struct zephyr_wasm_mark {
	/* How many host calls it is in, nested. Written by its own thread only, twice in each call;
	 * a word takes the fewest instructions. */
	volatile unsigned int depth;
	union {
		struct {
			/* How it is to end as soon as it is in no host call; END_NONE if it is not
			 * to end. */
			volatile uint8_t pending_end;
			/* Why it is kept from running: bits of enum zephyr_wasm_halt. */
			volatile uint8_t halts;
			/* It has a more urgent priority than its own until the host call is done.
			 */
			volatile uint8_t is_lent;
			uint8_t unused;
		};
		/* All of these in one word, so that a host call has to check only one. */
		volatile uint32_t waiting;
	};
};

/** What an app waits for that shares its thread (cooperative.c). */
struct zephyr_wasm_turn {
	/* The runtime's state of the app, a Member of rust/runtime; NULL before it runs first. */
	void *member;
	/* Something has happened that it may wait for. */
	bool ready;
	/* It waits in a host call, at most until the time below. */
	bool waits;
	/* The host call that has just returned has to be made again. */
	bool suspends;
	k_timepoint_t until;
};

/** One app. This is outside the app's own memory, and so is not affected by what happens there.
 * slots.c says who may change what of it, and when. */
struct zephyr_wasm_app {
#ifdef CONFIG_WASM_COOPERATIVE
	struct zephyr_wasm_turn turn;
#else
	/* First, so that a pointer to the thread is a pointer to its app. */
	struct k_thread thread;
#endif
	struct sys_heap heap;
	size_t heap_size;
	const struct zephyr_wasm_image *image;
	/* The exported function to call in place of run, if any. Without a name, the module is only
	 * checked. */
	const struct zephyr_wasm_call *call;
	enum zephyr_wasm_state state;
	enum zephyr_wasm_end end;
	int32_t detail;
	/* The end that was noted on the app's thread, before the reaper handles it. */
	enum zephyr_wasm_end noted_end;
	/* Tells the reaper that an end was noted. */
	volatile bool is_noted;
	/* The slot is in use: the app is listed, and found by its name. */
	bool loaded;
	/* A thread is about to start it; no other may change it meanwhile. */
	bool preparing;
	/* Whoever started it has a pointer to it, and will release it. */
	bool held;
	/* Whoever started it has given it its grants, in place of its manifest: a WASI program. */
	bool is_given;
	/* The next allocation may return NULL, as memory.grow may; any other ends the app. */
	bool may_fail;
	struct zephyr_wasm_mark mark;
	/* Whether its thread is suspended as `mark.halts` says, outside of host calls. */
	bool suspended;
	/* It is asked to end. */
	bool stopping;
	/* It has checked whether it is asked to end, so it can be asked. */
	bool looks;
	/* It runs as machine code. */
	bool compiled;
	/* Lines that it logs below this level of wit/log.wit are not shown. */
	uint8_t log_level;
	/* The runtime's instance of it, for zephyr_wasm_rs_close(); NULL if it is not running. */
	void *host;
	/* What a host API in C has allocated in the current call. */
	union given *given;
	size_t heap_peak;
#ifdef CONFIG_INIT_STACKS
	/* The most bytes of its stack that were in use, when its thread was aborted. */
	size_t stack_peak;
#endif
	/* Its linear memory. In user mode, the app's own memory has this, and only a copy of its
	 * numbers is kept here when the app ends. */
	struct zephyr_wasm_linear linear;
	/* If it ended out of memory: how many bytes did not fit. */
	size_t refused;
	uint32_t start_cycles;
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	/* What follows is kept when the app has ended. */
	/* Given once for each thread that waits for its end. */
	struct k_sem ended;
	uint32_t waiters;
	/* How often the slot was taken, and an app on it has ended for good. */
	uint32_t taken;
	uint32_t ends;
};

/** Whether a loaded app has been started and has not ended. */
static inline bool zephyr_wasm_has_life(const struct zephyr_wasm_app *app)
{
	return app->loaded && !app->preparing &&
	       (app->state == ZEPHYR_WASM_STATE_STARTING ||
		app->state == ZEPHYR_WASM_STATE_RUNNING);
}

/** Whether it uses memory of whoever started it (a call's buffers, a program's arguments). That may
 * be gone after its first end, so such an app is never started again. */
static inline bool zephyr_wasm_is_borrowing(const struct zephyr_wasm_app *app)
{
	return app->call != NULL || app->is_given;
}

/** Takes a slot for an app, to run it or (@p call is not NULL) to call one function of it. Returns
 * 0, or an error of zephyr_wasm_start(). @p app is where whoever starts the app wants a pointer to
 * it, which has to be released; or NULL. */
int zephyr_wasm_prepare(const struct zephyr_wasm_image *image, const struct zephyr_wasm_call *call,
			struct zephyr_wasm_app **app, struct zephyr_wasm_app **slot);

/** Starts an app on the slot that zephyr_wasm_prepare() has taken. */
void zephyr_wasm_begin(struct zephyr_wasm_app *slot);

/** zephyr_wasm_prepare() and zephyr_wasm_begin(). */
int zephyr_wasm_start_for(const struct zephyr_wasm_image *image,
			  const struct zephyr_wasm_call *call, struct zephyr_wasm_app **app);

/** Prepares an app whose slot was taken or claimed, and starts it. */
void zephyr_wasm_launch(struct zephyr_wasm_app *app);

/** Starts an app again that has ended; -EBUSY if it has not ended, -EINVAL if it was borrowing. */
int zephyr_wasm_start_again(struct zephyr_wasm_app *app);

/** Notes the end of an app, and wakes the reaper, which ends it. The first end counts. Callable
 * from a fault handler. */
void zephyr_wasm_note_end(struct zephyr_wasm_app *app, enum zephyr_wasm_end end, int32_t detail);

/** Ends an app from another thread, as soon as it is in no host call. */
void zephyr_wasm_end_from_outside(struct zephyr_wasm_app *app, enum zephyr_wasm_end end);

/** Ends the app of the calling thread, and does not return on such a thread. */
void zephyr_wasm_end_current(enum zephyr_wasm_end end);

/** Frees what an app holds whose thread was aborted, and tells those that wait for its end. */
void zephyr_wasm_finish(struct zephyr_wasm_app *app);

#endif /* ZEPHYR_WASM_SRC_APP_H_ */
