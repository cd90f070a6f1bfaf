/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs a program with a text as its input, and keeps its output.
 */

#ifndef TEST_PROGRAMS_STREAM_H_
#define TEST_PROGRAMS_STREAM_H_

#include <zephyr_wasm/command.h>

/** Where the programs' card is. */
#ifdef CONFIG_FAT_FILESYSTEM_ELM
#define CARD "/RAM:"
#else
#define CARD "/lfs"
#endif

/** What the last program wrote to its output and error. */
extern char output[];

/** Runs a program: how it ended. */
struct zephyr_wasm_status run(const struct zephyr_wasm_image *image, const char *input,
			      const char *const *args, size_t count);

/** Runs a program that is to end with this exit code, having written this. */
#define EXPECT(image, code, input, expected, ...)                                                  \
	do {                                                                                       \
		static const char *const args[] = {#image, ##__VA_ARGS__};                         \
		struct zephyr_wasm_status status;                                                  \
		ZEPHYR_WASM_IMAGE_DECLARE(image);                                                  \
                                                                                                   \
		status = run(ZEPHYR_WASM_IMAGE(image), input, args, ARRAY_SIZE(args));             \
		zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s: %s", status.message,      \
			      output);                                                             \
		zassert_equal(status.detail, code, "exit code %d: %s", status.detail, output);     \
		zassert_str_equal(output, expected, "%s", output);                                 \
		TC_PRINT("%s: %zu bytes of program, %zu of memory, %zu of stack\n", #image,        \
			 ZEPHYR_WASM_IMAGE(image)->size, status.heap_peak, status.stack_peak);     \
	} while (false)

#endif /* TEST_PROGRAMS_STREAM_H_ */
