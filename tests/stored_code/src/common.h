/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef TESTS_STORED_CODE_COMMON_H_
#define TESTS_STORED_CODE_COMMON_H_

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/store.h>

/* files.c */

/** An app's file. */
struct file {
	const char *name;
	const uint8_t *bytes;
	size_t size;
};

/** What forge.py has written; the last one has no name. */
extern const struct file files[];
extern const uint8_t key_second[ZEPHYR_WASM_KEY_SIZE];

#define RANDOM_SIZE 128

extern const uint8_t random_code[CONFIG_TEST_RANDOM_CODES][RANDOM_SIZE];

/** Whether there is a file of a name: some are made where there is a compiler for them. */
bool has_file(const char *name);

/** The file of a name. */
const struct file *file_of(const char *name);

/** What the last call said. */
extern char message[ZEPHYR_WASM_MESSAGE_SIZE];

/** Receives and installs a file; the first error, or 0. */
int install(const char *file);

/** Installs a file, and starts it. */
struct zephyr_wasm_app *run(const char *file);

/** How an app of the store ends, within seconds. */
const struct zephyr_wasm_status *end_of(struct zephyr_wasm_app *app);

/** Starts anew, as after a loss of power: what runs is gone, and the flash is as it is. */
void reboot(void);

/** Erases the flash, and starts anew. */
void wipe(void);

/** What is in the flash. */
uint8_t *flash_bytes(void);

/** The minor version of what is to run of a name; -1 if there is none. */
int version_of(const char *name);

/** Whether an app of that name runs, as machine code or not. */
bool runs(const char *name, bool as_code);

/** Checks that the app that each test begins with has gone on. */
void check_other(void);

/* words.c */

/** Forgets what was logged. */
void words_forget(void);

/** Whether that was logged since. */
bool words_have(const char *words);

#endif /* TESTS_STORED_CODE_COMMON_H_ */
