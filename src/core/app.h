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

/** Whether an app is in a call of the host's, which a kill must not cut, and what waits for that.
 */
struct zephyr_wasm_mark {
	/* How many of them it is in, one in another. Written by its own thread only; a word, which
	 * takes the fewest instructions. */
	volatile unsigned int depth;
	union {
		struct {
			/* The end that waits for it to be in none, if any. */
			volatile uint8_t pending_end;
			/* Why it is kept from running: bits of enum zephyr_wasm_halt. */
			volatile uint8_t halts;
			/* It has a priority until then that is not its own. */
			volatile uint8_t is_lent;
			uint8_t unused;
		};
		/* All of them, of which one is not 0 if anything waits. */
		volatile uint32_t waiting;
	};
};

/** Where an app is that shares its thread. */
struct zephyr_wasm_turn {
	/* What the Rust side has of it; NULL before its first turn. */
	void *member;
	/* Something has happened that it may wait for. */
	bool ready;
	/* It waits in a call, and until when at most. */
	bool waits;
	/* The call that has just returned has to be made again. */
	bool suspends;
	k_timepoint_t until;
};

/** One app. It is outside the app's own memory, and so outlives whatever happens there. Who may
 * change what of it, and when, is in slots.c. */
struct zephyr_wasm_app {
#ifdef CONFIG_WASM_COOPERATIVE
	struct zephyr_wasm_turn turn;
#else
	/* First, so that the thread says which app it is. */
	struct k_thread thread;
#endif
	struct sys_heap heap;
	size_t heap_size;
	const struct zephyr_wasm_image *image;
	/* The exported function to call in place of run, if any; without a name, the module is only
	 * looked at. */
	const struct zephyr_wasm_call *call;
	enum zephyr_wasm_state state;
	enum zephyr_wasm_end end;
	int32_t detail;
	/* The end that was noted on the app's thread, before the reaper made it official. */
	enum zephyr_wasm_end noted_end;
	/* The reaper has to come. */
	volatile bool is_noted;
	/* It can be seen. */
	bool loaded;
	/* It is about to be started, by the thread that has it for this. */
	bool preparing;
	/* Somebody has a pointer to it who will release it. */
	bool held;
	/* Whoever started it gave it what it has, in place of its manifest. */
	bool is_given;
	/* The next allocation may return NULL. */
	bool may_fail;
	struct zephyr_wasm_mark mark;
	/* Whether its thread is suspended for that, which waits for such a call, too. */
	bool suspended;
	/* It is asked to end, and looks whether it is. */
	bool stopping;
	bool looks;
	/* What it logs below this level of wit/log.wit is not shown. */
	uint8_t log_level;
	/* What it holds, for zephyr_wasm_rs_close(); NULL if it is not running. */
	void *host;
	/* What a host API in C has made room for in the call at hand. */
	union given *given;
	size_t heap_peak;
#ifdef CONFIG_INIT_STACKS
	/* The most bytes of its stack that were in use, as its thread was put down. */
	size_t stack_peak;
#endif
	/* Its linear memory; in user mode, what is left to tell of that once the app has ended. */
	struct zephyr_wasm_linear linear;
	/* How many bytes did not fit its memory, if that was its end. */
	size_t refused;
	uint32_t start_cycles;
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
	/* From here on is what outlives the app. */
	/* Given to each of those who wait, of whom there are that many. */
	struct k_sem ended;
	uint32_t waiters;
	/* How often the slot was taken, and an app on it has ended for good. */
	uint32_t taken;
	uint32_t ends;
};

/** Whether a loaded app has begun and not ended. */
static inline bool zephyr_wasm_has_life(const struct zephyr_wasm_app *app)
{
	return app->loaded && !app->preparing &&
	       (app->state == ZEPHYR_WASM_STATE_STARTING ||
		app->state == ZEPHYR_WASM_STATE_RUNNING);
}

/** Whether it uses what is another's, and is good until its first end: what a call has, or whoever
 * started it. */
static inline bool zephyr_wasm_is_borrowing(const struct zephyr_wasm_app *app)
{
	return app->call != NULL || app->is_given;
}

/** Takes a slot for an app that is to make a call, or none: 0, or an error of zephyr_wasm_start().
 * @p app is NULL, or where whoever starts the app wants to find it. */
int zephyr_wasm_prepare(const struct zephyr_wasm_image *image, const struct zephyr_wasm_call *call,
			struct zephyr_wasm_app **app, struct zephyr_wasm_app **slot);

/** Starts what zephyr_wasm_prepare() has prepared. */
void zephyr_wasm_begin(struct zephyr_wasm_app *slot);

/** Does both of these. */
int zephyr_wasm_start_for(const struct zephyr_wasm_image *image,
			  const struct zephyr_wasm_call *call, struct zephyr_wasm_app **app);

/** Prepares an app whose slot was taken or claimed, and starts it. */
void zephyr_wasm_launch(struct zephyr_wasm_app *app);

/** Launches an app that has ended; -EBUSY if it has not, -EINVAL if it uses what is another's. */
int zephyr_wasm_start_again(struct zephyr_wasm_app *app);

/** Notes the end of an app and has it reaped; the first end counts. Callable from a fault handler.
 */
void zephyr_wasm_note_end(struct zephyr_wasm_app *app, enum zephyr_wasm_end end, int32_t detail);

/** Ends an app from another thread, as soon as it is in no call that must not be cut. */
void zephyr_wasm_end_from_outside(struct zephyr_wasm_app *app, enum zephyr_wasm_end end);

/** Ends the app of the calling thread, and so does not return on one. */
void zephyr_wasm_end_current(enum zephyr_wasm_end end);

/** Takes back what an app holds whose thread is put down, and tells whoever waits. */
void zephyr_wasm_finish(struct zephyr_wasm_app *app);

#endif /* ZEPHYR_WASM_SRC_APP_H_ */
