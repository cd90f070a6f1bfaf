/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Run sandboxed WebAssembly apps from a firmware in C.
 *
 * Most firmware calls only zephyr_wasm_start_all(). The other functions start, stop, pause, kill
 * and inspect single apps.
 *
 * All functions may be called from any thread at any time, unless their description says otherwise.
 * A pointer to an app is a pointer to its slot: after zephyr_wasm_release(), whoever calls that,
 * another app may be there. To keep a pointer valid, start the app with a pointer, and be the only
 * one who releases it.
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

/** The size of the longest message of an app's end, including its final zero. */
#define ZEPHYR_WASM_MESSAGE_SIZE 161

/** A priority of an image: the one in the app's manifest. */
#define ZEPHYR_WASM_PRIORITY_OF_MANIFEST INT32_MIN

/** The state of an app. */
enum zephyr_wasm_state {
	/** Its module is being checked, translated and linked. */
	ZEPHYR_WASM_STATE_STARTING = 1,
	/** Its `run`, or the function that is called, is being executed. */
	ZEPHYR_WASM_STATE_RUNNING = 2,
	/** It has ended, and all that it held has been freed. */
	ZEPHYR_WASM_STATE_ENDED = 3,
	/** It was asked to end, and has not ended yet. */
	ZEPHYR_WASM_STATE_STOPPING = 4,
	/** It is kept from running until zephyr_wasm_resume(). */
	ZEPHYR_WASM_STATE_PAUSED = 5,
	/** It has ended, and will be started again after a wait. */
	ZEPHYR_WASM_STATE_BACKING_OFF = 6,
} __packed;

/** How an app ended. */
enum zephyr_wasm_end {
	/** It has not ended. */
	ZEPHYR_WASM_END_NONE = 0,
	/** `run` has returned. The detail is its result; 0 means success. */
	ZEPHYR_WASM_END_RETURNED = 1,
	/** Its code has trapped. The detail is wasmi's trap code. */
	ZEPHYR_WASM_END_TRAPPED = 2,
	/** It has broken the contract of a host call: a wrong pointer, handle or string, for
	 * example. */
	ZEPHYR_WASM_END_VIOLATED = 3,
	/** An allocation did not fit into its memory (CONFIG_WASM_APP_HEAP_SIZE). */
	ZEPHYR_WASM_END_OUT_OF_MEMORY = 4,
	/** It was killed: by zephyr_wasm_kill(), or by zephyr_wasm_stop() after its timeout. */
	ZEPHYR_WASM_END_KILLED = 5,
	/** It was not started. The detail is an enum zephyr_wasm_refusal. */
	ZEPHYR_WASM_END_REFUSED = 6,
	/** The runtime has panicked on its thread. With the size profile, that is a fault. */
	ZEPHYR_WASM_END_PANICKED = 7,
	/** The processor has faulted on its thread. The detail is Zephyr's reason (enum
	 * k_fatal_error_reason). */
	ZEPHYR_WASM_END_FAULTED = 8,
	/** It has not called heartbeat() of zephyr:lifecycle as often as its manifest says. */
	ZEPHYR_WASM_END_UNRESPONSIVE = 9,
} __packed;

/** Why an app was not started. None of its code has run. */
enum zephyr_wasm_refusal {
	/** The file ends in the middle of a section. */
	ZEPHYR_WASM_REFUSED_TRUNCATED = 1,
	/** The file does not begin like a WebAssembly module. */
	ZEPHYR_WASM_REFUSED_NOT_WASM = 2,
	/** The version of the module is not 1. */
	ZEPHYR_WASM_REFUSED_VERSION = 3,
	/** The file is a component, which `zephyr-wasm pack` converts to a module. */
	ZEPHYR_WASM_REFUSED_COMPONENT = 4,
	/** The module is malformed or invalid, uses a proposal that the engine lacks, or has code
	 * that the engine computes wrongly: a select that `zephyr-wasm pack` rewrites, a block with
	 * parameters, or a `br_table` with more than one value. */
	ZEPHYR_WASM_REFUSED_INVALID = 5,
	/** The module has a start function. */
	ZEPHYR_WASM_REFUSED_START_FUNCTION = 6,
	/** The module imports an unknown interface, or an unknown version of an interface. */
	ZEPHYR_WASM_REFUSED_UNKNOWN_INTERFACE = 7,
	/** The module imports an interface that Kconfig left out of the image. */
	ZEPHYR_WASM_REFUSED_DISABLED = 8,
	/** The module imports a function that the interface does not have. */
	ZEPHYR_WASM_REFUSED_UNKNOWN_FUNCTION = 9,
	/** The module imports a function with another type than it has. */
	ZEPHYR_WASM_REFUSED_SIGNATURE = 10,
	/** The module imports something that is not a function. */
	ZEPHYR_WASM_REFUSED_NOT_A_FUNCTION = 11,
	/** The module does not export `run: func() -> s32`. */
	ZEPHYR_WASM_REFUSED_NO_RUN = 12,
	/** The module needs more memory than an app has. */
	ZEPHYR_WASM_REFUSED_MEMORY = 13,
	/** The build did not validate the module, and CONFIG_WASM_VALIDATE is off. */
	ZEPHYR_WASM_REFUSED_UNVALIDATED = 14,
	/** The WIT types of an imported function have changed since the module was built. */
	ZEPHYR_WASM_REFUSED_SHAPE = 15,
	/** The module does not export the function to call. */
	ZEPHYR_WASM_REFUSED_NO_FUNCTION = 16,
	/** The arguments do not match the function to call. */
	ZEPHYR_WASM_REFUSED_ARGUMENTS = 17,
	/** The module's manifest does not grant an interface that it imports. */
	ZEPHYR_WASM_REFUSED_NOT_GRANTED = 18,
	/** The module, or its manifest, asks for more than the image gives to an app. */
	ZEPHYR_WASM_REFUSED_LIMITS = 19,
	/** The module is not signed, and the image accepts only signed ones. */
	ZEPHYR_WASM_REFUSED_UNSIGNED = 20,
	/** The module is signed by a key that the image does not trust. */
	ZEPHYR_WASM_REFUSED_UNKNOWN_KEY = 21,
	/** The module is not the one that was signed. */
	ZEPHYR_WASM_REFUSED_BAD_SIGNATURE = 22,
	/** The file of the module cannot be read. */
	ZEPHYR_WASM_REFUSED_FILE = 23,
	/** The image has no interpreter, and cannot run the machine code of the module. */
	ZEPHYR_WASM_REFUSED_CODE = 24,
};

/**
 * @brief A module, and how to run it.
 *
 * For each app that it embeds, zephyr_wasm_app() in CMake makes an image, which ZEPHYR_WASM_IMAGE()
 * names.
 */
struct zephyr_wasm_image {
	/** The app's name, with which it logs and by which it is found. Its thread has the same
	 * name. */
	const char *name;
	/** The module. It has to stay there until the app has ended. NULL for a module in a file.
	 */
	const uint8_t *wasm;
	/** Its size in bytes. */
	size_t size;
	/** The priority of its thread, as a Zephyr priority. ZEPHYR_WASM_PRIORITY_OF_MANIFEST takes
	 * that of the app's manifest, or CONFIG_WASM_APP_PRIORITY if the manifest has none. */
	int priority;
	/** Whether the build has validated the module. Only zephyr_wasm_app() may set this: an
	 * invalid module that is marked as validated can do anything to the firmware. */
	bool validated;
	/** The path of the file with the module, if @ref wasm is NULL; needs
	 * CONFIG_WASM_WASI_FILES, and CONFIG_WASM_INTERPRETER or
	 * CONFIG_WASM_COMPILED_STORE. The file is read into the app's
	 * memory when the app starts. Of its manifest, grants and limits are used, but not the
	 * priority and the keys of supervision. */
	const char *path;
#ifdef CONFIG_WASM_COMPILED
	/** The code of a compiled app; then @ref wasm may have only its types, imports, exports and
	 * custom sections. NULL for an interpreted app. Only zephyr_wasm_app() and the store may
	 * set this, because the runtime calls it. */
	zephyr_wasm_compiled_entry *entry;
#endif
#ifdef CONFIG_WASM_STORE
	/** Set by the store: the number of the stored version; 0 for none. A copy of the image has
	 * it, too. */
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

/** @brief What an app is doing, or how it has ended. */
struct zephyr_wasm_status {
	/** Its state. */
	enum zephyr_wasm_state state;
	/** How it has ended; ZEPHYR_WASM_END_NONE before. */
	enum zephyr_wasm_end end;
	/** A number whose meaning depends on @ref end: an exit code, a trap code, an enum
	 * zephyr_wasm_refusal, or Zephyr's reason of a fault. */
	int32_t detail;
	/** Where its code was when it ended, for `zephyr-wasm explain`: the offset in the packed
	 * file, in bytes. 0 if not known, as without CONFIG_WASM_TRACE. */
	uint32_t place;
	/** The most bytes of its memory that were in use at once; 0 without
	 * CONFIG_SYS_HEAP_RUNTIME_STATS. */
	size_t heap_peak;
	/** The most bytes of its native stack that were in use at once; 0 without
	 * CONFIG_INIT_STACKS. */
	size_t stack_peak;
	/** The size of its linear memory in bytes, which only grows. */
	size_t linear_memory;
	/** The cycles of the system clock from its start to its first instruction; 0 before that.
	 */
	uint32_t start_cycles;
	/** How often it was started again after an end; 0 without CONFIG_WASM_SUPERVISOR. */
	uint32_t restarts;
	/** The bytes of its memory that are in use now; 0 without CONFIG_SYS_HEAP_RUNTIME_STATS. */
	size_t heap_used;
	/** The size of its memory in bytes. */
	size_t heap_size;
	/** The size of its native stack in bytes. */
	size_t stack_size;
	/** How many resources of host APIs it holds, such as timers. */
	size_t held;
	/** The most resources that it has held at once; 0 without CONFIG_WASM_METRICS. */
	size_t held_peak;
	/** The cycles of the system clock that its thread has run, including host calls; 0 without
	 * CONFIG_THREAD_RUNTIME_STATS. */
	uint64_t run_cycles;
	/** How often its thread has begun to run after it waited or another thread ran; 0 without
	 * CONFIG_SCHED_THREAD_USAGE_ANALYSIS, which CONFIG_WASM_METRICS selects. */
	uint32_t wakeups;
	/** Whether it runs as machine code, and is not interpreted. */
	bool compiled;
	/** The end in words; empty before. For an app that is started again, the last end. */
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
};

/**
 * @brief Starts an app on a thread of its own.
 *
 * The module is checked on that thread. So a refusal is an end, which zephyr_wasm_wait() reports,
 * and not an error of this function.
 *
 * @param image What to run. It has to outlive the app.
 * @param app   Where to write a pointer to the app, which the caller has to release by
 *              zephyr_wasm_release(). If NULL, the app needs no release: once it has ended, the
 *              next start that finds no free slot takes its slot.
 *
 * @retval 0 on success.
 * @retval -EINVAL if the image has no module or no name.
 * @retval -ENOMEM if CONFIG_WASM_MAX_APPS apps are loaded already.
 */
int zephyr_wasm_start(const struct zephyr_wasm_image *image, struct zephyr_wasm_app **app);

/**
 * @brief A call of a function that an app exports. It has to stay valid until the app has ended.
 */
struct zephyr_wasm_call {
	/** The name of the function: its whole name, or the part after that of its interface. */
	const char *function;
	/** The arguments in WAVE, the text form of WIT's values, separated by commas; NULL for
	 * none. Trailing arguments that are options may be left out. */
	const char *arguments;
	/** Where to write the result, in WAVE. A result that does not fit is cut. */
	char *result;
	/** The size of @ref result in bytes, including the final zero; may be 0. */
	size_t result_size;
};

/**
 * @brief Starts an app on a thread of its own, which calls one of its functions in place of `run`.
 *
 * The app is a new instance, even if other apps of the same image run. Needs CONFIG_WASM_CALL.
 *
 * @param image What to run. It has to outlive the app.
 * @param call  What to call.
 * @param app   Where to write a pointer to the app, for zephyr_wasm_wait(); may be NULL. As for
 *              zephyr_wasm_start().
 *
 * @retval 0 on success. A function that the module does not have, or arguments that do not
 *         match it, are an end of the app, and no error of this function.
 * @retval -EINVAL if the image has no module or no name, or the call has no function or no
 *         buffer for its result.
 * @retval -ENOMEM if CONFIG_WASM_MAX_APPS apps are loaded already.
 */
int zephyr_wasm_call(const struct zephyr_wasm_image *image, const struct zephyr_wasm_call *call,
		     struct zephyr_wasm_app **app);

/**
 * @brief Starts all apps.
 *
 * First the apps of the store (CONFIG_WASM_STORE). Then the embedded apps for which the store has
 * no app of the same name, in the order of their names.
 *
 * @return how many apps were started, or the error of the first app that was not started.
 * @retval -ECANCELED if too many starts of the board in a row have not lasted
 *         (CONFIG_WASM_BOOT_GUARD).
 */
int zephyr_wasm_start_all(void);

/**
 * @brief Finds a loaded app.
 *
 * @param name The app's name.
 * @return the app; NULL if no app of this name is loaded. If there are several, the first
 *         one that is no call of zephyr_wasm_call(), or else the first one.
 */
struct zephyr_wasm_app *zephyr_wasm_find(const char *name);

/**
 * @brief Ends an app, whatever it is doing, and frees everything that it holds.
 *
 * An app that is in a host call ends at the end of that call. This function does not wait for the
 * end; zephyr_wasm_wait() does. Not for interrupt handlers.
 *
 * @retval 0 on success, also if the app has ended already.
 * @retval -EINVAL if @p app is not a loaded app.
 */
int zephyr_wasm_kill(struct zephyr_wasm_app *app);

/**
 * @brief Asks an app to end, and kills it if it does not. Waits for the end.
 *
 * The app learns of it by stopping() of zephyr:lifecycle. From then on, waits in its host calls are
 * woken every 10 ms, so that it can check. Its timers are stopped. A wait for a socket lasts up to
 * CONFIG_WASM_SOCKETS_SLICE_MS, and one for Bluetooth until its own timeout. An app that has never
 * called stopping() is killed at once. An app that was stopped is not started again, whatever its
 * manifest says.
 *
 * Not for interrupt handlers, nor for the system work queue, on which apps are ended.
 *
 * @param app      The app.
 * @param patience How long the app may take to end by itself.
 *
 * @retval 0 if the app has ended by itself.
 * @retval -ETIMEDOUT if it had to be killed.
 * @retval -EINVAL if @p app is not a loaded app.
 */
int zephyr_wasm_stop(struct zephyr_wasm_app *app, k_timeout_t patience);

/**
 * @brief Stops an app like zephyr_wasm_stop(), and starts it again on the same slot.
 *
 * @param app      The app.
 * @param patience How long the app may take to end by itself.
 *
 * @retval 0 on success.
 * @retval -EBUSY if another thread has started it again meanwhile.
 * @retval -EINVAL if @p app is not a loaded app; or if it was started by zephyr_wasm_call()
 *         or zephyr_wasm_run(). Such an app is stopped, but not started again, because the memory
 *         that it was given may be gone.
 */
int zephyr_wasm_restart(struct zephyr_wasm_app *app, k_timeout_t patience);

/**
 * @brief Keeps an app from running.
 *
 * Needs CONFIG_WASM_PAUSE. Time goes on for the app, and events that it waits for happen meanwhile.
 * An app that is in a host call is paused at the end of that call, because it may hold something
 * that others wait for.
 *
 * @retval 0 on success, also if the app is paused already.
 * @retval -EINVAL if @p app is not a loaded app.
 * @retval -ESRCH if it has ended.
 */
int zephyr_wasm_pause(struct zephyr_wasm_app *app);

/**
 * @brief Lets a paused app continue. Needs CONFIG_WASM_PAUSE.
 *
 * @retval 0 on success, also if the app was not paused.
 * @retval -EINVAL if @p app is not a loaded app.
 * @retval -ESRCH if it has ended.
 */
int zephyr_wasm_resume(struct zephyr_wasm_app *app);

/**
 * @brief Waits for the end of an app.
 *
 * An app that is started again because of its manifest has not ended. An app that has ended since
 * this call, and that another thread has started again, has.
 *
 * @param app     The app.
 * @param timeout How long to wait.
 * @param status  Where to write how the app has ended; may be NULL.
 *
 * @retval 0 on success.
 * @retval -EINVAL if @p app is not a loaded app, or was released meanwhile.
 * @retval -EAGAIN if it has not ended in time.
 */
int zephyr_wasm_wait(struct zephyr_wasm_app *app, k_timeout_t timeout,
		     struct zephyr_wasm_status *status);

/**
 * @brief Reports what an app is doing, or how it has ended.
 *
 * @param app    The app.
 * @param status Where to write it.
 *
 * @retval 0 on success.
 * @retval -EINVAL if @p app is not a loaded app.
 */
int zephyr_wasm_status(struct zephyr_wasm_app *app, struct zephyr_wasm_status *status);

/** How often an app has called a host API. */
struct zephyr_wasm_calls {
	/** The API, by the name of its file in wit/, or of the header that it was added by. */
	const char *api;
	/** How often the app has called it since its last start. */
	uint32_t count;
};

/**
 * @brief Reports how often an app has called a host API of the image. Needs CONFIG_WASM_METRICS.
 *
 * @param app   A loaded app.
 * @param index The number of the API, from 0.
 * @param calls Where to write it.
 *
 * @retval 0 on success.
 * @retval -EINVAL if @p app is not a loaded app.
 * @retval -ENOENT if there are not that many APIs.
 */
int zephyr_wasm_calls(struct zephyr_wasm_app *app, size_t index, struct zephyr_wasm_calls *calls);

/**
 * @brief Releases the slot of an app that has ended, for another app.
 *
 * @retval 0 on success. @p app is not valid any more.
 * @retval -EINVAL if @p app is not a loaded app.
 * @retval -EBUSY if it has not ended.
 */
int zephyr_wasm_release(struct zephyr_wasm_app *app);

/**
 * @brief Confines a fatal error on an app's thread to that app.
 *
 * For a firmware with its own k_sys_fatal_error_handler(); see CONFIG_WASM_FATAL_HANDLER. If this
 * function returns true, the handler has to return, and Zephyr aborts the thread.
 *
 * @param reason The handler's parameter of the same name.
 * @param esf    The handler's parameter of the same name.
 * @return whether the error was on an app's thread, in which case the app ends.
 */
bool zephyr_wasm_fatal(unsigned int reason, const struct arch_esf *esf);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_ZEPHYR_WASM_H_ */
