/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the tests share.
 */

#ifndef TEST_WASI_COMMON_H_
#define TEST_WASI_COMMON_H_

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/command.h>

/* WASI's error numbers, which the program exits with: wasi-libc has them as its errno. */
enum {
	WASI_DQUOT = 19,
	WASI_EXIST = 20,
	WASI_INVAL = 28,
	WASI_IO = 29,
	WASI_ISDIR = 31,
	WASI_MFILE = 33,
	WASI_NAMETOOLONG = 37,
	WASI_NOENT = 44,
	WASI_NOSPC = 51,
	WASI_NOTCAPABLE = 76,
	WASI_PERM = 63,
	WASI_PIPE = 64,
	WASI_ROFS = 69,
	WASI_XDEV = 75,
};

ZEPHYR_WASM_IMAGE_DECLARE(trial);
ZEPHYR_WASM_IMAGE_DECLARE(shared);

/** Mounts the card, and empties it. */
void card_begin(void);

/** Unmounts it, and mounts it as it is. */
void card_pull_out(void);
void card_put_in(void);

/** Writes a file to it. */
void card_write(const char *path, const void *bytes, size_t size);

/** Runs the trial with arguments, and all of the card as its `/`: how it ended. */
struct zephyr_wasm_status try(const char *const *args, size_t count,
			      const struct zephyr_wasm_stream *streams);

/** Begins `shared` on all of the card; more than one at a time, by commands of their own. */
struct zephyr_wasm_app *begin(struct zephyr_wasm_command *command, const char *const *args,
			      size_t count);

/** Tries, and expects an exit code. */
#define EXPECT(code, ...)                                                                          \
	do {                                                                                       \
		static const char *const args[] = {"trial", __VA_ARGS__};                          \
		struct zephyr_wasm_status status = try(args, ARRAY_SIZE(args), NULL);              \
                                                                                                   \
		zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);         \
		zassert_equal(status.detail, code, "%s: exit code %d", args[1], status.detail);    \
	} while (false)

/** A file system whose medium fails, at /bad, and behind the name of the card's: reads of its files
 * work this many times. */
void failing_begin(int reads);

/** In user mode: begins to look how much of the kernel's stacks programs take, and ends that. */
#ifdef CONFIG_WASM_USERSPACE
void privileged_begin(void);
void privileged_end(void);
#else
static inline void privileged_begin(void)
{
}

static inline void privileged_end(void)
{
}
#endif

/** Waits for a program's end and forgets it. */
struct zephyr_wasm_status finish(struct zephyr_wasm_app *app);

#endif /* TEST_WASI_COMMON_H_ */
