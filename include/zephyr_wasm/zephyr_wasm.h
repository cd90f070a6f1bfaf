/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Run sandboxed WebAssembly apps from a firmware in C.
 *
 * Most firmware calls zephyr_wasm_start_all() and nothing else. The other functions start, stop,
 * pause, kill and look at single apps.
 */

#ifndef ZEPHYR_WASM_ZEPHYR_WASM_H_
#define ZEPHYR_WASM_ZEPHYR_WASM_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/kernel.h>
#ifdef CONFIG_WASM_COMPILED
#include <zephyr_wasm/compiled.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** The longest message of an app's end, with its terminating zero. */
#define ZEPHYR_WASM_MESSAGE_SIZE 161

/** For the priority of an image: what the app's manifest says. */
#define ZEPHYR_WASM_PRIORITY_OF_MANIFEST INT32_MIN

/** Where an app is in its life. */
enum zephyr_wasm_state {
	/** It is being checked, translated and linked. */
	ZEPHYR_WASM_STATE_STARTING = 1,
	/** Its `run` is being executed. */
	ZEPHYR_WASM_STATE_RUNNING = 2,
	/** It has ended; what it held has been taken back. */
	ZEPHYR_WASM_STATE_ENDED = 3,
	/** It is asked to end, and has not yet. */
	ZEPHYR_WASM_STATE_STOPPING = 4,
	/** It is kept from running until zephyr_wasm_resume(). */
	ZEPHYR_WASM_STATE_PAUSED = 5,
	/** It has ended, and is started again in a while. */
	ZEPHYR_WASM_STATE_BACKING_OFF = 6,
} __packed;

/** How an app ended. */
enum zephyr_wasm_end {
	/** It has not. */
	ZEPHYR_WASM_END_NONE = 0,
	/** `run` returned; the detail is what it returned, and 0 means success. */
	ZEPHYR_WASM_END_RETURNED = 1,
	/** It broke a rule of WebAssembly; the detail is wasmi's trap code. */
	ZEPHYR_WASM_END_TRAPPED = 2,
	/** It broke the contract of a host call: a pointer, a handle, a string. */
	ZEPHYR_WASM_END_VIOLATED = 3,
	/** An allocation did not fit its memory (CONFIG_WASM_APP_HEAP_SIZE). */
	ZEPHYR_WASM_END_OUT_OF_MEMORY = 4,
	/** zephyr_wasm_kill() ended it. */
	ZEPHYR_WASM_END_KILLED = 5,
	/** It did not start; the detail is an enum zephyr_wasm_refusal. */
	ZEPHYR_WASM_END_REFUSED = 6,
	/** The runtime panicked on its thread; with the size profile, this is a fault. */
	ZEPHYR_WASM_END_PANICKED = 7,
	/** The processor faulted on its thread; the detail is Zephyr's reason. */
	ZEPHYR_WASM_END_FAULTED = 8,
	/** It has not called heartbeat() of zephyr:lifecycle as often as its manifest promised. */
	ZEPHYR_WASM_END_UNRESPONSIVE = 9,
} __packed;

/** Why an app did not start. Nothing of it ran. */
enum zephyr_wasm_refusal {
	/** The file ends in the middle of a section. */
	ZEPHYR_WASM_REFUSED_TRUNCATED = 1,
	/** The file does not begin as a WebAssembly module does. */
	ZEPHYR_WASM_REFUSED_NOT_WASM = 2,
	/** The module is of a version other than 1. */
	ZEPHYR_WASM_REFUSED_VERSION = 3,
	/** The file is a component; `zephyr-wasm pack` unwraps it. */
	ZEPHYR_WASM_REFUSED_COMPONENT = 4,
	/**
	 * The module is malformed or invalid, uses a proposal that the engine lacks, or has what
	 * the engine computes wrongly: a select that `zephyr-wasm pack` writes otherwise, or a
	 * block with parameters.
	 */
	ZEPHYR_WASM_REFUSED_INVALID = 5,
	/** The module has a start function. */
	ZEPHYR_WASM_REFUSED_START_FUNCTION = 6,
	/** The module imports an interface that nobody here knows, or another version. */
	ZEPHYR_WASM_REFUSED_UNKNOWN_INTERFACE = 7,
	/** The module imports an interface that Kconfig left out of the image. */
	ZEPHYR_WASM_REFUSED_DISABLED = 8,
	/** The interface is there, and has no function of that name. */
	ZEPHYR_WASM_REFUSED_UNKNOWN_FUNCTION = 9,
	/** The function is there, and has another type. */
	ZEPHYR_WASM_REFUSED_SIGNATURE = 10,
	/** The module imports something that is not a function. */
	ZEPHYR_WASM_REFUSED_NOT_A_FUNCTION = 11,
	/** The module does not export `run: func() -> s32`. */
	ZEPHYR_WASM_REFUSED_NO_RUN = 12,
	/** The module asks for more memory than an app has. */
	ZEPHYR_WASM_REFUSED_MEMORY = 13,
	/** The build did not validate the module, and CONFIG_WASM_VALIDATE is off. */
	ZEPHYR_WASM_REFUSED_UNVALIDATED = 14,
	/** The function is there, and its types have changed since the module was built. */
	ZEPHYR_WASM_REFUSED_SHAPE = 15,
	/** The module does not export the function to call. */
	ZEPHYR_WASM_REFUSED_NO_FUNCTION = 16,
	/** The arguments do not fit the function to call. */
	ZEPHYR_WASM_REFUSED_ARGUMENTS = 17,
	/** The module's manifest does not grant an interface that it imports. */
	ZEPHYR_WASM_REFUSED_NOT_GRANTED = 18,
	/** The module, or its manifest, asks for more than the image gives to an app. */
	ZEPHYR_WASM_REFUSED_LIMITS = 19,
	/** The module has no signature, and the image takes signed ones only. */
	ZEPHYR_WASM_REFUSED_UNSIGNED = 20,
	/** The module is signed by a key that the image does not trust. */
	ZEPHYR_WASM_REFUSED_UNKNOWN_KEY = 21,
	/** The module is not what was signed. */
	ZEPHYR_WASM_REFUSED_BAD_SIGNATURE = 22,
	/** The file of the module cannot be read. */
	ZEPHYR_WASM_REFUSED_FILE = 23,
};

/**
 * @brief A module, and how to run it.
 *
 * zephyr_wasm_app() in CMake makes one for each app that it embeds, which ZEPHYR_WASM_IMAGE()
 * names.
 */
struct zephyr_wasm_image {
	/** The app's name, by which it logs and is found; also that of its thread. */
	const char *name;
	/** The module. It stays where it is as long as the app lives. NULL for one in a file. */
	const uint8_t *wasm;
	/** Its size in bytes. */
	size_t size;
	/**
	 * The priority of its thread, as Zephyr counts them; ZEPHYR_WASM_PRIORITY_OF_MANIFEST for
	 * that of its manifest, or CONFIG_WASM_APP_PRIORITY if it has none.
	 */
	int priority;
	/**
	 * Whether the build has validated it. Only zephyr_wasm_app() may set this: an invalid
	 * module that is said to be validated can do anything to the firmware.
	 */
	bool validated;
	/**
	 * The file that has the module, if @ref wasm is NULL; needs CONFIG_WASM_WASI_FILES. It is
	 * read as the app starts, into the app's memory. Of its manifest, what counts is what the
	 * app is granted and limited to, and not its priority and supervision.
	 */
	const char *path;
#ifdef CONFIG_WASM_COMPILED
	/**
	 * The code of a compiled app, of which @ref wasm is the outside; NULL for one to interpret.
	 * Only zephyr_wasm_app() may set this: the runtime calls it.
	 */
	zephyr_wasm_compiled_entry *entry;
#endif
#ifdef CONFIG_WASM_STORE
	/** The store's: which of its versions that is; 0 for none. A copy has it, too. */
	uint32_t stored;
#endif
};

/** @brief The image of the app that zephyr_wasm_app(name ...) embedded. */
#define ZEPHYR_WASM_IMAGE(name) (&zephyr_wasm_image_##name)

/** @brief Declares the image of an embedded app. */
#define ZEPHYR_WASM_IMAGE_DECLARE(name)                                                            \
	extern const struct zephyr_wasm_image zephyr_wasm_image_##name

/** @brief A loaded app. */
struct zephyr_wasm_app;

/** @brief What an app is doing, or how it ended. */
struct zephyr_wasm_status {
	/** Where it is in its life. */
	enum zephyr_wasm_state state;
	/** How it ended. */
	enum zephyr_wasm_end end;
	/** A number, of which @ref end says the meaning: an exit code, a refusal, a reason. */
	int32_t detail;
	/** Where it was as it ended, for `zephyr-wasm explain`: a place in the file that was
	 * packed, in bytes; 0 if nobody knows, as without CONFIG_WASM_TRACE. */
	uint32_t place;
	/** The most bytes of its memory that were in use at once; 0 without
	 * CONFIG_SYS_HEAP_RUNTIME_STATS. */
	size_t heap_peak;
	/** The most bytes of its stack that were in use at once; 0 without CONFIG_INIT_STACKS. */
	size_t stack_peak;
	/** The size of its linear memory in bytes, which only grows. */
	size_t linear_memory;
	/** The cycles of the system's clock from its start to its first instruction; 0 before. */
	uint32_t start_cycles;
	/** How often it was started again after an end; 0 without CONFIG_WASM_SUPERVISOR. */
	uint32_t restarts;
	/** The bytes of its memory that are in use now; 0 without CONFIG_SYS_HEAP_RUNTIME_STATS. */
	size_t heap_used;
	/** The bytes of its memory in all. */
	size_t heap_size;
	/** The bytes of its stack in all. */
	size_t stack_size;
	/** How many resources (timers, ...) it holds in host APIs. */
	size_t held;
	/** The most of them that it held at once; 0 without CONFIG_WASM_METRICS. */
	size_t held_peak;
	/** The cycles of the system's clock that its thread has run, host calls included; 0 without
	 * CONFIG_THREAD_RUNTIME_STATS. */
	uint64_t run_cycles;
	/** How often its thread began to run, as it waited or another ran before; 0 without
	 * CONFIG_SCHED_THREAD_USAGE_ANALYSIS, which CONFIG_WASM_METRICS selects. */
	uint32_t wakeups;
	/** The end in words, empty before; the last one of an app that is started again. */
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
};

/**
 * @brief Starts an app on a thread of its own.
 *
 * The module is checked on that thread: a refusal is an end, which zephyr_wasm_wait() reports.
 *
 * @param image What to run; it outlives the app.
 * @param app   Where to write the app, for the other calls: its slot is the caller's to give back,
 * by zephyr_wasm_release(). May be NULL; then an app that has ended gives its slot to the next
 * start that finds no other.
 *
 * @retval 0 on success.
 * @retval -EINVAL if the image has no module or name.
 * @retval -ENOMEM if CONFIG_WASM_MAX_APPS apps are loaded already.
 */
int zephyr_wasm_start(const struct zephyr_wasm_image *image, struct zephyr_wasm_app **app);

/** @brief A call of a function that an app exports. It outlives the app's thread. */
struct zephyr_wasm_call {
	/** The function, by its whole name or by what is behind the interface's. */
	const char *function;
	/**
	 * The arguments in WAVE, the text form of WIT's values, separated by commas; NULL for none.
	 * Options at the end may be left out.
	 */
	const char *arguments;
	/** Where to write the result, in WAVE; what does not fit is cut. */
	char *result;
	/** The room for the result with its final zero, in bytes; may be 0. */
	size_t result_size;
};

/**
 * @brief Starts an app on a thread of its own, which calls one of its functions in place of run.
 *
 * The app is a new instance, whatever else of its image runs. Needs CONFIG_WASM_CALL.
 *
 * @param image What to run; it outlives the app.
 * @param call  What to call.
 * @param app   Where to write the app, for zephyr_wasm_wait(); may be NULL.
 *
 * @retval 0 on success. That the module has no such function or the arguments do not fit is an end.
 * @retval -EINVAL if the image has no module or name, or the call no function.
 * @retval -ENOMEM if CONFIG_WASM_MAX_APPS apps are loaded already.
 */
int zephyr_wasm_call(const struct zephyr_wasm_image *image, const struct zephyr_wasm_call *call,
		     struct zephyr_wasm_app **app);

/**
 * @brief Starts every app of the store (CONFIG_WASM_STORE), then every app that zephyr_wasm_app()
 * embedded and that the store has none of the same name for, in the order of their names.
 *
 * @return how many were started, or the error of the first that was not; -ECANCELED if too many
 * starts of the board have not lasted (CONFIG_WASM_BOOT_GUARD).
 */
int zephyr_wasm_start_all(void);

/**
 * @brief Finds a loaded app.
 *
 * All calls may be made from any thread at any time. A pointer to an app is one to its slot: after
 * zephyr_wasm_release(), whoever calls it, the slot may be another app's. Who wants to keep an app
 * starts it with a pointer, and is the only one to release it.
 *
 * @param name Its name.
 * @return the app, or NULL if none of that name is loaded. Of several, the first that is no call
 *         (CONFIG_WASM_CALL), or else the first.
 */
struct zephyr_wasm_app *zephyr_wasm_find(const char *name);

/**
 * @brief Ends an app, whatever it is doing, and takes back everything that it holds.
 *
 * An app that is in a host call is ended as that call is done. Not for interrupt handlers.
 *
 * @retval 0 on success, also if it has ended already.
 * @retval -EINVAL if @p app is not a loaded app.
 */
int zephyr_wasm_kill(struct zephyr_wasm_app *app);

/**
 * @brief Asks an app to end, and ends it if it does not.
 *
 * The app sees it by stopping() of zephyr:lifecycle. From then on, what waits in its host calls is
 * woken every 10 ms, so that it looks: its timers are stopped, a wait for a socket lasts until
 * CONFIG_WASM_SOCKETS_SLICE_MS, and one for Bluetooth until its own timeout. An app that has never
 * called stopping() is killed at once. It is not started again, whatever its manifest says. Not for
 * interrupt handlers, nor for the system's work queue, on which apps are ended.
 *
 * @param app      The app.
 * @param patience How long it has to end by itself.
 *
 * @retval 0 if it has ended by itself.
 * @retval -ETIMEDOUT if it had to be killed.
 * @retval -EINVAL if @p app is not a loaded app.
 */
int zephyr_wasm_stop(struct zephyr_wasm_app *app, k_timeout_t patience);

/**
 * @brief Stops an app as zephyr_wasm_stop() does, and starts it again in the same slot.
 *
 * @retval 0 on success.
 * @retval -EBUSY if another thread has started it again meanwhile.
 * @retval -EINVAL if @p app is not a loaded app, or one of zephyr_wasm_call() or zephyr_wasm_run(),
 *         which ends and is not started again: what it was given may be gone.
 */
int zephyr_wasm_restart(struct zephyr_wasm_app *app, k_timeout_t patience);

/**
 * @brief Keeps an app from running, where it is.
 *
 * Needs CONFIG_WASM_PAUSE. Time goes on for it: what it waits for happens meanwhile. An app that is
 * in a host call, which may hold what others wait for, is paused as that call is done.
 *
 * @retval 0 on success, also if it is paused already.
 * @retval -EINVAL if @p app is not a loaded app.
 * @retval -ESRCH if it has ended.
 */
int zephyr_wasm_pause(struct zephyr_wasm_app *app);

/**
 * @brief Lets a paused app go on.
 *
 * @retval 0 on success, also if it was not paused.
 * @retval -EINVAL if @p app is not a loaded app.
 * @retval -ESRCH if it has ended.
 */
int zephyr_wasm_resume(struct zephyr_wasm_app *app);

/**
 * @brief Waits for an app's end.
 *
 * An app that is started again by what its manifest says has not ended; one that has ended since
 * the call, and that another thread has started again, has.
 *
 * @param app     The app.
 * @param timeout How long to wait.
 * @param status  Where to write how it ended; may be NULL.
 *
 * @retval 0 on success.
 * @retval -EINVAL if @p app is not a loaded app, or not any more.
 * @retval -EAGAIN if it has not ended in time.
 */
int zephyr_wasm_wait(struct zephyr_wasm_app *app, k_timeout_t timeout,
		     struct zephyr_wasm_status *status);

/**
 * @brief Says what an app is doing.
 *
 * @retval 0 on success.
 * @retval -EINVAL if @p app is not a loaded app.
 */
int zephyr_wasm_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status);

/** How often an app has called a host API. */
struct zephyr_wasm_calls {
	/** The API, as its file in wit/ is called. */
	const char *api;
	/** How often since the app's last start. */
	uint32_t count;
};

/**
 * @brief Says how often an app has called a host API of the image, with CONFIG_WASM_METRICS.
 *
 * @param app   A loaded app.
 * @param index Which API, from 0.
 * @param calls Where to write it.
 *
 * @retval 0 on success.
 * @retval -EINVAL if @p app is not a loaded app.
 * @retval -ENOENT behind the last API.
 */
int zephyr_wasm_calls(struct zephyr_wasm_app *app, size_t index, struct zephyr_wasm_calls *calls);

/**
 * @brief Forgets an app that has ended, so that another can be loaded.
 *
 * @retval 0 on success; @p app is not valid any more.
 * @retval -EINVAL if @p app is not a loaded app.
 * @retval -EBUSY if it has not ended.
 */
int zephyr_wasm_release(struct zephyr_wasm_app *app);

/**
 * @brief Contains a fatal error on the thread of an app.
 *
 * For a firmware with its own k_sys_fatal_error_handler(); see CONFIG_WASM_FATAL_HANDLER. If this
 * returns true, the handler has to return, and Zephyr ends the thread.
 *
 * @param reason What k_sys_fatal_error_handler() was given.
 * @param esf    What k_sys_fatal_error_handler() was given.
 * @return whether the error was an app's, which is ended by it.
 */
bool zephyr_wasm_fatal(unsigned int reason, const struct arch_esf *esf);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_ZEPHYR_WASM_H_ */
