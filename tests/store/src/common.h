/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef TESTS_STORE_COMMON_H_
#define TESTS_STORE_COMMON_H_

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/store.h>

#include "store/journal.h"

/* flash.c */

/** The flash's size in bytes. */
#define FLASH_SIZE 0x7000

/** What of it is for apps. */
#define FLASH_FREE (FLASH_SIZE - JOURNAL_SIZE)

/** What is in the flash. */
extern uint8_t flash_bytes[FLASH_SIZE];

/** Has the power go off in that many steps of a byte written or 64 erased; -1 for never. */
void flash_cut_after(int steps);

/** Whether it has. */
bool flash_is_cut(void);

/** Calls this as the next block of an app begins to be erased; NULL for nothing. */
void flash_on_erase(void (*call)(void));

/* numbers.c */

/** Begins numbers that look random, and are the same each time. */
void numbers_begin(uint32_t seed);

/** Takes them from bytes instead; where there are no more, each is 0. */
void numbers_take(const uint8_t *bytes, size_t size);

/** How many of those bytes are left. */
size_t numbers_left(void);

/** The next number, below a limit. */
uint32_t pick(uint32_t below);

/* files.c */

/** An app's file. */
struct file {
	const uint8_t *bytes;
	size_t size;
};

extern const struct file steady_1, steady_2, steady_3, steady_bad, steady_done, steady_polite,
	other_1, other_2, unsigned_app, foreign, invalid, missing, greedy, factory_0, factory_2,
	atlas;

#ifdef TEST_HAS_CODE
/** It has machine code besides. */
extern const struct file steady_code;
#endif

/** Writes a record as the store does, which says what it likes. */
void put_record(uint8_t *to, struct record record);

/** A record that has a half count, for that place of the partition. */
struct record commit_at(uint32_t place, uint32_t generation);

/** Has the next record not fit into its half of the journal. */
void fill_journal(void);

/** What the last call said. */
extern char message[ZEPHYR_WASM_MESSAGE_SIZE];

/** Receives a file in parts of that size, up to that many bytes; the first error, or 0. */
int receive(const struct file *file, size_t part, size_t most);

/** Receives and installs a file. */
int install(const struct file *file);

/** Installs a file, and has it run. */
void run(const struct file *file);

/** Starts anew, as after a loss of power: what runs is gone, and the flash is as it is. */
void reboot(void);

/** Erases the flash, and starts anew. */
void wipe(void);

/** The minor version of what is to run of a name; -1 if there is none. */
int version_of(const char *name);

/** The state of what is to run of a name. */
enum zephyr_wasm_store_state state_of(const char *name);

/** Whether an app of that name runs, and from the version that is to run. */
bool runs(const char *name);

/* damage.c */

/** Has the flash that is damaged: apps of two versions, and half of an upload. */
void damage_prepare(void);

/** Starts anew from that, as it is. */
void damage_none(void);

/** Damages it, starts anew, and checks that nothing runs that nobody has signed. */
void damage_once(int round);

/* smp.c */

/** Sends something that a client could have said, with some of it wrong; what it answers. */
int32_t smp_once(void);

#endif /* TESTS_STORE_COMMON_H_ */
