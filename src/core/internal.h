/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of this folder share. What crosses between them and the Rust side is declared in
 * rust/platform-zephyr/src, of which the build makes zephyr_wasm_declared.h, and the keys of a
 * manifest in rust/manifest, of which it makes zephyr_wasm_manifest.h.
 */

#ifndef ZEPHYR_WASM_INTERNAL_H_
#define ZEPHYR_WASM_INTERNAL_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/sys_heap.h>

#include <zephyr_wasm/command.h>
#include <zephyr_wasm/host.h>
#include <zephyr_wasm/store.h>
#include <zephyr_wasm/zephyr_wasm.h>

#include "linear.h"
#include "zephyr_wasm_declared.h"
#include "zephyr_wasm_manifest.h"

/** It is not started again. */
#define ZEPHYR_WASM_RESTART_NEVER 0

/** What is known of an app that is looked after: struct Supervised of rust/supervise, which says
 * what each is. Times are milliseconds of uptime. */
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

/** How the supervisor looks after an app. */
struct zephyr_wasm_supervision {
	struct k_work_delayable restart;
	struct zephyr_wasm_supervised of;
};

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

/** More than there are host APIs. */
#define ZEPHYR_WASM_COUNTED_MAX 24

/** How much an app has logged. */
struct zephyr_wasm_log_rate {
	/* The second of uptime that is counted. */
	uint32_t second;
	uint32_t lines;
	uint32_t dropped;
	/* The most lines a second. */
	uint32_t most;
};

#if CONFIG_WASM_LOG_HISTORY > 0
/** The last of what an app has logged. */
struct zephyr_wasm_log_history {
	/* How much it has logged in all, in bytes. */
	uint32_t end;
	char bytes[CONFIG_WASM_LOG_HISTORY];
};
#endif

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
	/* The exported function to call in place of run, if any. */
	const struct zephyr_wasm_call *call;
#ifdef CONFIG_WASM_WASI
	/* What whoever started it gave it in place of its manifest, if anything. */
	const struct zephyr_wasm_command *command;
	/* The bytes of its file, of which nothing is needed once it is loaded. */
	void *file;
	/* Its standard streams, as far as it has used them. */
	struct zephyr_wasm_stream streams[3];
#endif
	enum zephyr_wasm_state state;
	enum zephyr_wasm_end end;
	int32_t detail;
#ifdef CONFIG_WASM_STORE
	/* Who has signed its file, if it is no app of the store. */
	uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE];
#endif
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
	/* The next allocation may return NULL. */
	bool may_fail;
	struct zephyr_wasm_mark mark;
	/* When it may make its next request of the network, and of Bluetooth. */
#ifdef CONFIG_WASM_NET_INTERVAL_MS
	k_timepoint_t next_request;
#endif
#ifdef CONFIG_WASM_BLE_INTERVAL_MS
	k_timepoint_t next_ble_request;
#endif
	/* Whether its thread is suspended for that, which waits for such a call, too. */
	bool suspended;
	/* It is asked to end, and looks whether it is. */
	bool stopping;
	bool looks;
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
#ifdef CONFIG_WASM_TRACE
	/* Where it was as it ended; 0 if nobody knows. */
	uint32_t place;
	/* It has told what remains of it. */
	bool has_told;
#endif
#ifdef CONFIG_WASM_METRICS
	/* How often it has called each host API, in the order of zephyr_wasm_counted. */
	uint32_t calls[ZEPHYR_WASM_COUNTED_MAX];
	/* The most resources that it held at once. */
	size_t held_peak;
#endif
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
#ifdef CONFIG_WASM_SUPERVISOR
	struct zephyr_wasm_supervision supervision;
#endif
#ifdef CONFIG_WASM_LOG_LIMIT
	struct zephyr_wasm_log_rate log_rate;
#endif
#if CONFIG_WASM_LOG_HISTORY > 0
	struct zephyr_wasm_log_history log_history;
#endif
#ifdef CONFIG_WASM_SHELL
	/* What it had run as the shell last showed it. */
	uint64_t shown_cycles;
#endif
	/* What it logs below this level of wit/log.wit is not shown. */
	uint8_t log_level;
	/* From here on is what outlives the app. */
	/* Given to each of those who wait, of whom there are that many. */
	struct k_sem ended;
	uint32_t waiters;
	/* How often the slot was taken, and an app on it has ended for good. */
	uint32_t taken;
	uint32_t ends;
};

/** A moment in the life of a slot. */
struct zephyr_wasm_moment {
	uint32_t taken;
	uint32_t ends;
};

/** Why an app is kept from running. */
enum zephyr_wasm_halt {
	ZEPHYR_WASM_HALT_PAUSED = BIT(0),
	ZEPHYR_WASM_HALT_THROTTLED = BIT(1),
};

/** A module to run: struct Source of the runtime. */
struct zephyr_wasm_source {
	const uint8_t *wasm;
	size_t size;
	/* The build has validated it. */
	bool validated;
};

/** What an app's manifest says before there is a thread; 0, and -1 for the priority, if nothing. */
struct zephyr_wasm_manifest {
	uint32_t heap;
	uint32_t stack;
	int32_t priority;
};

/* slots.c */

#include "slots.h"

/* threads.c, or cooperative.c */

/** The app of the calling thread, or NULL. */
struct zephyr_wasm_app *zephyr_wasm_current(void);

/** Makes what an app runs on, where apps share no thread with a priority of its own. */
void zephyr_wasm_carry(struct zephyr_wasm_app *app, int priority);

/** Has an app run that is carried. */
#ifdef CONFIG_WASM_COOPERATIVE
void zephyr_wasm_go(struct zephyr_wasm_app *app);
#else
static inline void zephyr_wasm_go(struct zephyr_wasm_app *app)
{
	k_thread_start(&app->thread);
}
#endif

/** Ends the thread that an app is on, if it is not over. On the reaper's. */
void zephyr_wasm_put_down(struct zephyr_wasm_app *app);

/** Has zephyr_wasm_finish() done for an app whose thread is put down, on one that it has for that.
 */
void zephyr_wasm_on_last_thread(struct zephyr_wasm_app *app);

/** Ends the sleep of an app. */
void zephyr_wasm_end_sleep(struct zephyr_wasm_app *app);

/** Writes what is known of an app's thread. */
void zephyr_wasm_thread_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status);

/* app.c */

/** Notes the end of an app and has it reaped; the first end counts. Callable from a fault handler.
 */
void zephyr_wasm_note_end(struct zephyr_wasm_app *app, enum zephyr_wasm_end end, int32_t detail);

/** Takes back what an app holds whose thread is put down, and tells whoever waits. */
void zephyr_wasm_finish(struct zephyr_wasm_app *app);

/** Whether a loaded app has begun and not ended. */
static inline bool zephyr_wasm_has_life(const struct zephyr_wasm_app *app)
{
	return app->loaded && !app->preparing &&
	       (app->state == ZEPHYR_WASM_STATE_STARTING ||
		app->state == ZEPHYR_WASM_STATE_RUNNING);
}

/** Whether it is a program that whoever started it gave what it has, in place of its manifest. */
static inline bool zephyr_wasm_is_given(const struct zephyr_wasm_app *app)
{
	return COND_CODE_1(CONFIG_WASM_WASI, (app->command != NULL), (app == NULL));
}

/** Whether it uses what is another's, and is good until its first end: what a call has, or whoever
 * started it. */
static inline bool zephyr_wasm_is_borrowing(const struct zephyr_wasm_app *app)
{
	return app->call != NULL || zephyr_wasm_is_given(app);
}

/** Whether the app of the calling thread is asked to end, so that a call that waits returns. */
static inline bool zephyr_wasm_is_asked(void)
{
	const struct zephyr_wasm_app *app = zephyr_wasm_current();

	return IS_ENABLED(CONFIG_WASM_API_LIFECYCLE) && app != NULL &&
	       (app->stopping || app->mark.pending_end != ZEPHYR_WASM_END_NONE);
}

/* mark.c */

#include "mark.h"

/** Whether it is an app that is loaded. */
bool zephyr_wasm_is_loaded(const struct zephyr_wasm_app *app);

/** The number of an app's slot, from 0. */
size_t zephyr_wasm_slot_of(const struct zephyr_wasm_app *app);

/** The loaded app behind one, or the first for NULL; NULL behind the last. */
struct zephyr_wasm_app *zephyr_wasm_next(struct zephyr_wasm_app *app);

/** Loads and links an app on a slot of its own, and runs nothing of it: it returns, or is refused.
 */
int zephyr_wasm_check(const struct zephyr_wasm_image *image, struct zephyr_wasm_app **app);

/** Prepares an app whose slot was taken or claimed, and starts it. */
void zephyr_wasm_launch(struct zephyr_wasm_app *app);

/** Launches an app that has ended; -EBUSY if it has not, -EINVAL if it uses what is another's. */
int zephyr_wasm_start_again(struct zephyr_wasm_app *app);

/** Ends an app from another thread, as soon as it is in no call that must not be cut. */
void zephyr_wasm_end_from_outside(struct zephyr_wasm_app *app, enum zephyr_wasm_end end);

/** Ends the app of the calling thread, and so does not return on one. */
void zephyr_wasm_end_current(enum zephyr_wasm_end end);

/* cooperative.c */

#ifdef CONFIG_WASM_COOPERATIVE
/** Whether an app would go on, and another one does not let it. */
bool zephyr_wasm_is_kept_waiting(const struct zephyr_wasm_app *app);

/** Something has happened that an app may wait for. Callable from interrupts. */
void zephyr_wasm_wake(const struct zephyr_wasm_app *app);

/** Whether the call at hand is made again, as something has happened or this time is over. Then
 * what it returns now is not seen; so it may have changed nothing. */
bool zephyr_wasm_suspend(k_timeout_t timeout);

/** Whether a call that waits for an event until then has to return: that it was in vain, or it is
 * made again. */
bool zephyr_wasm_gives_up(struct k_sem *event, k_timepoint_t end);
#else
static inline bool zephyr_wasm_is_kept_waiting(const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
	return false;
}

static inline void zephyr_wasm_wake(const struct zephyr_wasm_app *app)
{
	ARG_UNUSED(app);
}
#endif

/* thread.c */

/** The thread of an app. */
void zephyr_wasm_app_main(void *app, void *unused1, void *unused2);

/** The call of an app that is loaded and not run. */
extern const struct zephyr_wasm_call zephyr_wasm_check_only;

/* halt.c */

/** Keeps an app from running that has begun and not ended, for one more reason. */
void zephyr_wasm_halt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason);

/** Takes a reason back, and lets the app run if there is no other. */
void zephyr_wasm_unhalt(struct zephyr_wasm_app *app, enum zephyr_wasm_halt reason);

/** Halts the app of the calling thread, if there is a reason. */
void zephyr_wasm_halt_current(struct zephyr_wasm_app *app);

/* remains.c */

/** What each line begins with that tells of an app's end to rust/cli/src/dump.rs. No app writes it
 * where a line begins. */
#define ZEPHYR_WASM_DUMP_MARK "#WD:"

/** Looks at what is left of an app whose thread is aborted, as long as it is there. */
void zephyr_wasm_remains_look(struct zephyr_wasm_app *app);

/** Adds to the end in words where the app was. */
void zephyr_wasm_remains_tell(struct zephyr_wasm_app *app);

/* metrics.c */

/** The host APIs whose calls are counted. */
extern const char *const zephyr_wasm_counted[];
extern const size_t zephyr_wasm_counted_count;

/** Counts a call of the calling thread's app. */
void zephyr_wasm_count(size_t api);

/** Counts what the calling thread's app holds. */
void zephyr_wasm_count_held(void);

/* supervisor.c */

#include "observe/supervisor.h"

/* images.c */

/** The embedded app of a name; NULL if there is none. */
const struct zephyr_wasm_image *zephyr_wasm_embedded_image(const char *name);

/** What can be started, one after the other; NULL behind the last. */
const struct zephyr_wasm_image *zephyr_wasm_image_at(size_t index);

/** What can be started of a name; NULL if there is nothing. */
const struct zephyr_wasm_image *zephyr_wasm_find_image(const char *name);

/* store/ */

/** The stored app of that number; else takes off the number how many there are. */
const struct zephyr_wasm_image *zephyr_wasm_store_image(size_t *index);

/** Whether the store has an app of that name which can run. */
bool zephyr_wasm_store_has(const char *name);

/** Starts what is in the store: how many, or the error of the first that was not. */
int zephyr_wasm_store_start_all(void);

/** An app has ended, which may have been on trial. */
void zephyr_wasm_store_ended(struct zephyr_wasm_app *app);

/** Has it be known which keys are revoked, before a file is checked that is no app of the store. */
void zephyr_wasm_store_ready(void);

/** Checks the signature of a file that is no app of the store: 0, or an enum zephyr_wasm_refusal.
 */
uint8_t zephyr_wasm_store_verify_file(struct zephyr_wasm_source *source, const char *name,
				      char *message);

/** Whether the signature of an app of the store is as this image wants it: 0, or an enum
 * zephyr_wasm_refusal. Others, and those that were checked since the board started, have theirs
 * behind them. On an app's thread. */
uint8_t zephyr_wasm_store_verify(const struct zephyr_wasm_image *image, bool *validated,
				 char *message);

/** Whether that is a request to revoke a key, which is no app: that it was verified is all. */
bool zephyr_wasm_store_is_request(const struct zephyr_wasm_image *image);

/* boot_guard.c */

/** Counts this start of the board, once; false if too many have not lasted. */
bool zephyr_wasm_boot_guard(void);

/* region.c */

/** Gives an app its empty memory, of which it uses this much. */
void zephyr_wasm_region_init(struct zephyr_wasm_app *app, size_t size);

/** Whether an app's memory has so many bytes there; beside the kernel only. */
bool zephyr_wasm_region_has(const struct zephyr_wasm_app *app, const void *memory, size_t size);

/* give.c */

/** Frees what a host API in C has made room for, once the app has it; for what rust/bindings writes
 * of a firmware's own host APIs. */
void zephyr_wasm_given_free(void);

/** What a host API in C has made room for in the call at hand, of the calling thread's app; NULL if
 * it is none. */
union given **zephyr_wasm_given_list(void);

/* user/gate.c */

#ifdef CONFIG_WASM_USERSPACE
/** Whether the manifest of the calling thread's app grants this, of a kind with its package, as in
 * "zephyr:pwm output". */
bool zephyr_wasm_granted(const char *kind, const char *text, size_t length);

/** The number that it grants. */
uint32_t zephyr_wasm_granted_number(const char *kind, uint32_t otherwise);
#endif

/** Whether what the Rust side has checked holds. Only an app in user mode can have got past it. */
static inline bool zephyr_wasm_holds(bool condition)
{
	return !IS_ENABLED(CONFIG_WASM_USERSPACE) || condition;
}

/* storage.c */

/** The longest key of an app, and the zero that ends it. */
#define ZEPHYR_WASM_STORAGE_KEY_SIZE 31

/* log_rate.c */

#include "api/log/log_rate.h"

/* log_history.c */

/** Keeps a line that an app has logged, or that tells of it. */
void zephyr_wasm_log_keep(struct zephyr_wasm_app *app, char level, const char *line);

/**
 * Copies what an app has logged since it had logged that many bytes: how much. The offset is moved
 * to what is kept.
 */
size_t zephyr_wasm_log_read(struct zephyr_wasm_app *app, uint32_t *offset, char *text, size_t size);

/* stats.c */

void zephyr_wasm_stats_launched(struct zephyr_wasm_app *app);
void zephyr_wasm_stats_ended(struct zephyr_wasm_app *app);
void zephyr_wasm_stats_logged(struct zephyr_wasm_app *app);

/* wasi/ */

/** Reads the file of an app on its thread: 0, or an enum zephyr_wasm_refusal. */
uint8_t zephyr_wasm_load(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source);

/** Closes the standard streams of an app that has ended. */
void zephyr_wasm_streams_close(struct zephyr_wasm_app *app);

/* names.c */

/**
 * The place of a name in a table whose entries of @p size bytes begin with a name each;
 * FAILURE_UNKNOWN if it is not there.
 */
int32_t zephyr_wasm_find_name(const void *table, size_t count, size_t size, const char *name,
			      size_t length);

/** A state in a word. */
const char *zephyr_wasm_state_name(enum zephyr_wasm_state state);

/* text.c */

/**
 * Copies an app's text to where there is room for @p room bytes, with a zero behind it; false if it
 * is too long, or has a zero in it. Every text of an app that is used as one of C's comes through
 * here: what is granted is the whole of it, and the kernel believes no length.
 */
bool zephyr_wasm_copy_text(char *to, size_t room, const char *text, size_t length);

/** Writes question marks over what is no printable character of UTF-8, before a text of an app is
 * shown. */
void zephyr_wasm_disarm(char *text);

/* clocks.c */

#include "api/clocks/clocks.h"

#endif /* ZEPHYR_WASM_INTERNAL_H_ */
