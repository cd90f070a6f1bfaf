/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Run WASI programs, with arguments, directories and standard streams.
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
 * @brief The functions of a standard stream of a program.
 *
 * They are called on the program's thread; @ref close, on any thread. A kill waits for such a call,
 * except between zephyr_wasm_wait_begin() and zephyr_wasm_wait_end(), where the call may wait in
 * the kernel and must hold no lock.
 */
struct zephyr_wasm_stream_api {
	/**
	 * Waits for the first byte, at most for @p timeout, and reads what there is, up to @p size
	 * bytes.
	 *
	 * @return how many bytes; 0 at the end of the stream; -EAGAIN after the timeout; or
	 *         another negative errno.
	 */
	ssize_t (*read)(void *context, void *bytes, size_t size, k_timeout_t timeout);
	/**
	 * Writes up to @p size bytes. Waits as long as none fits.
	 *
	 * @return how many bytes, at least one; -EPIPE if nobody reads the stream; or
	 *         another negative errno.
	 */
	ssize_t (*write)(void *context, const void *bytes, size_t size);
	/** Waits until read() would not wait. Returns 0, or -EAGAIN after the timeout. NULL if
	 * read() never waits. */
	int (*ready)(void *context, k_timeout_t timeout);
	/** Called when the program has ended. May be NULL. */
	void (*close)(void *context);
	/** Whether the stream is a terminal (`isatty()`). */
	bool is_terminal;
};

/** @brief A standard stream of a program. If @ref api is NULL, the manifest says where it leads. */
struct zephyr_wasm_stream {
	/** Its functions. */
	const struct zephyr_wasm_stream_api *api;
	/** The first argument of these functions. */
	void *context;
};

/** @brief How a file is opened for a stream. */
enum zephyr_wasm_stream_mode {
	/** For reading, from its start. */
	ZEPHYR_WASM_STREAM_READ,
	/** For writing. The file is emptied, or created. */
	ZEPHYR_WASM_STREAM_WRITE,
	/** For appending. The file is created if it does not exist. */
	ZEPHYR_WASM_STREAM_APPEND,
};

/** @brief A stream that is empty, and drops what is written to it. */
extern const struct zephyr_wasm_stream zephyr_wasm_stream_null;

/** @brief A stream that writes to the board's console, by printk(). It has no input. */
extern const struct zephyr_wasm_stream zephyr_wasm_stream_console;

/**
 * @brief Opens a stream that leads to a file.
 *
 * Needs CONFIG_WASM_WASI_FILES.
 *
 * @param path   The path of the file.
 * @param mode   How to open it.
 * @param stream Where to write the stream.
 *
 * @retval 0 on success.
 * @retval -EMFILE if CONFIG_WASM_WASI_OPEN_FILE_COUNT files are open already.
 * @return otherwise the error of fs_open().
 */
int zephyr_wasm_stream_file(const char *path, enum zephyr_wasm_stream_mode mode,
			    struct zephyr_wasm_stream *stream);

/**
 * @brief Opens both ends of a pipe of CONFIG_WASM_PIPE_SIZE bytes.
 *
 * The reader is at the end of the stream when the writing end is closed everywhere, and no data is
 * left.
 *
 * @param name A name of 1 to 15 bytes by which manifests can name its ends, too; NULL for none.
 * @param in   Where to write the reading end.
 * @param out  Where to write the writing end.
 *
 * @retval 0 on success.
 * @retval -EINVAL if the name is empty or too long.
 * @retval -ENOMEM if CONFIG_WASM_PIPE_COUNT pipes are in use already.
 */
int zephyr_wasm_stream_pipe(const char *name, struct zephyr_wasm_stream *in,
			    struct zephyr_wasm_stream *out);

/** @brief Closes a stream that was not passed to a program. */
void zephyr_wasm_stream_close(struct zephyr_wasm_stream *stream);

/** @brief What a program is started with. It has to outlive the program. */
struct zephyr_wasm_command {
	/** Its arguments. By convention, the first one is its name. */
	const char *const *args;
	size_t arg_count;
	/** Its environment variables, each as `NAME=value`. */
	const char *const *env;
	size_t env_count;
	/** Directories that it may use, each as `GUEST=BOARD`, or one path for both. */
	const char *const *dirs;
	size_t dir_count;
	/** Directories that it may only read, in the same form. */
	const char *const *read_only;
	size_t read_only_count;
	/** Its standard input, output and error. Once it is started, they belong to the program. */
	struct zephyr_wasm_stream streams[3];
	/** The largest linear memory in bytes; 0 for all that fits into the memory of an app. */
	size_t memory;
};

/**
 * @brief Starts a program on a thread of its own.
 *
 * The grants of the command take the place of those in the module's manifest. The program ends like
 * an app: the detail of ZEPHYR_WASM_END_RETURNED is its exit code. It is not started again,
 * whatever its manifest says.
 *
 * @param image   What to run: a module in memory, or the path of a file.
 * @param command What the program is started with.
 * @param app     Where to write a pointer to the app, for zephyr_wasm_wait() and other functions;
 *                may be NULL. As for zephyr_wasm_start().
 *
 * @retval 0 on success. The streams are closed when the program ends.
 * @retval -EINVAL if @p command is NULL, or the image has neither module nor path, or no
 *         name. The streams still belong to the caller.
 * @retval -ENOMEM if CONFIG_WASM_MAX_APPS apps are loaded already. The streams still belong
 *         to the caller.
 */
int zephyr_wasm_run(const struct zephyr_wasm_image *image,
		    const struct zephyr_wasm_command *command, struct zephyr_wasm_app **app);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_COMMAND_H_ */
