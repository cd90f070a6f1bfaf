/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Run WASI programs: with arguments, directories, and standard streams that lead anywhere.
 *
 * Needs CONFIG_WASM_WASI.
 */

#ifndef ZEPHYR_WASM_COMMAND_H_
#define ZEPHYR_WASM_COMMAND_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <zephyr/kernel.h>

#include <zephyr_wasm/zephyr_wasm.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief What a standard stream of a program does.
 *
 * The calls are made on the program's thread, @ref wake and @ref close on any other. A kill waits
 * for a call, but for what is between zephyr_wasm_wait_begin() and zephyr_wasm_wait_end(), where it
 * waits in the kernel and holds no lock.
 */
struct zephyr_wasm_stream_api {
	/**
	 * Reads what there is, at most @p size bytes, and waits for the first of it.
	 *
	 * @return how many; 0 at the end; -EAGAIN if nothing came in time; or another error.
	 */
	ssize_t (*read)(void *context, void *bytes, size_t size, k_timeout_t timeout);
	/**
	 * Writes, and waits while nothing fits.
	 *
	 * @return how many, at least one; -EPIPE if nobody reads it; or another error.
	 */
	ssize_t (*write)(void *context, const void *bytes, size_t size);
	/** Waits until read() would not; -EAGAIN if that did not come in time. NULL if never. */
	int (*ready)(void *context, k_timeout_t timeout);
	/** The program has ended. May be NULL. */
	void (*close)(void *context);
	/** Whether a person is behind it. */
	bool is_terminal;
};

/** @brief A standard stream of a program. Without an API, it is what the manifest says. */
struct zephyr_wasm_stream {
	/** What it does. */
	const struct zephyr_wasm_stream_api *api;
	/** What the calls are given. */
	void *context;
};

/** @brief How a file is opened for a stream. */
enum zephyr_wasm_stream_mode {
	/** To read it from its start. */
	ZEPHYR_WASM_STREAM_READ,
	/** To write it anew. */
	ZEPHYR_WASM_STREAM_WRITE,
	/** To write behind what it has. */
	ZEPHYR_WASM_STREAM_APPEND,
};

/** @brief A stream at its end, which takes what is written to it. */
extern const struct zephyr_wasm_stream zephyr_wasm_stream_null;

/** @brief The board's console: printk(). There is no input. */
extern const struct zephyr_wasm_stream zephyr_wasm_stream_console;

/**
 * @brief A stream that leads to a file.
 *
 * Needs CONFIG_WASM_WASI_FILES.
 *
 * @retval 0 on success.
 * @retval -EMFILE if CONFIG_WASM_WASI_OPEN_FILE_COUNT files are open already.
 * @return else the error of fs_open().
 */
int zephyr_wasm_stream_file(const char *path, enum zephyr_wasm_stream_mode mode,
			    struct zephyr_wasm_stream *stream);

/**
 * @brief Both ends of a pipe of CONFIG_WASM_PIPE_SIZE bytes.
 *
 * The reader is at its end when nobody has the writing end any more, and nothing is left.
 *
 * @param name A name of 1 to 15 bytes by which manifests can have its ends, too; NULL for none.
 *
 * @retval 0 on success.
 * @retval -EINVAL if that is no name of a pipe.
 * @retval -ENOMEM if CONFIG_WASM_PIPE_COUNT pipes are in use already.
 */
int zephyr_wasm_stream_pipe(const char *name, struct zephyr_wasm_stream *in,
			    struct zephyr_wasm_stream *out);

/** @brief Closes a stream that no program was given. */
void zephyr_wasm_stream_close(struct zephyr_wasm_stream *stream);

/** @brief What a program is started with. It outlives the program. */
struct zephyr_wasm_command {
	/** Its arguments; the first is its name by custom. */
	const char *const *args;
	size_t arg_count;
	/** Its environment, each as `NAME=value`. */
	const char *const *env;
	size_t env_count;
	/** Directories that it has, each as `GUEST=BOARD`, or one path for both. */
	const char *const *dirs;
	size_t dir_count;
	/** Directories that it may only read, likewise. */
	const char *const *read_only;
	size_t read_only_count;
	/** Its standard input, output and error. They are the program's from here on. */
	struct zephyr_wasm_stream streams[3];
	/** The most linear memory in bytes; 0 for all that fits the memory of an app. */
	size_t memory;
};

/**
 * @brief Starts a program on a thread of its own.
 *
 * What the command has stands in place of what the module's manifest grants. The program ends like
 * an app: the detail of ZEPHYR_WASM_END_RETURNED is its exit code. It is not started again,
 * whatever its manifest says.
 *
 * @param image   What to run: a module in memory, or a file by its path.
 * @param command What it is started with.
 * @param app     Where to write the app, for zephyr_wasm_wait() and the others; may be NULL.
 *
 * @retval 0 on success. The streams are closed as the program ends.
 * @retval -EINVAL if the image has no module and no path, or no name.
 * @retval -ENOMEM if CONFIG_WASM_MAX_APPS apps are loaded already. The streams are the caller's
 * still.
 */
int zephyr_wasm_run(const struct zephyr_wasm_image *image,
		    const struct zephyr_wasm_command *command, struct zephyr_wasm_app **app);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_COMMAND_H_ */
