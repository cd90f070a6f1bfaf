/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the store call of each other: its lock, uploads, checks, trust, floors, trials
 * and failures. Entries are in entry.h.
 */

#ifndef ZEPHYR_WASM_STORE_STORE_H_
#define ZEPHYR_WASM_STORE_STORE_H_

#include "entry.h"

struct zephyr_wasm_source;

/** Whether the store has an app of that name which can run. */
bool zephyr_wasm_store_has(const char *name);

/** Takes the store for the calling thread alone, and has what is in it read (mounted); a failure is
 * told in words. */
int zephyr_wasm_store_change_begin(char *message);

/** Takes the store likewise, but does not mount it. */
void zephyr_wasm_store_lock(void);

/** Gives the store back, after either of these. */
void zephyr_wasm_store_change_end(void);

/** Writes a failure in words, and passes its number on. */
int zephyr_wasm_store_fail(char *message, int error, const char *format, ...);

/** The file that was received as a whole; NULL if none was. */
struct entry *zephyr_wasm_upload_take(char *message, int *error);

/** Gives up what is being received, as a loss of power does; for tests. */
void zephyr_wasm_upload_forget(void);

/** Loads an app on a free slot, and runs nothing of it. Writes how that has ended; -ENOMEM if there
 * is no slot, -EINVAL if somebody else has released it meanwhile. */
int zephyr_wasm_check_load(const struct zephyr_wasm_image *image,
			   struct zephyr_wasm_status *status);

/** Whether an app has ended so because this image does not trust who has signed it. */
bool zephyr_wasm_check_is_distrusted(const struct zephyr_wasm_status *status);

/** Whether a version may run that was in flash as the board started: checks it, at the first call.
 * What is loaded of its name has to be released before. */
bool zephyr_wasm_check_found(struct entry *entry);

/** Checks the signature of what an app is about to run, on its thread, as the store's origin
 * (core/images.h): of programs in files, and of what is in the store and was not checked since the
 * board started. Embedded apps are the image's own. */
int zephyr_wasm_trust_verify(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source);

/** Forgets who has signed what ran on the slot of an app. */
void zephyr_wasm_trust_forget(const struct zephyr_wasm_app *app);

/** Reads from the journal which keys are revoked, as the store is mounted. */
void zephyr_wasm_trust_load(void);

/** Which of two versions is later: less than 0, 0, or more, as the left is earlier, the same,
 * later.
 */
int zephyr_wasm_floor_compare(const uint16_t *left, const uint16_t *right);

/** The least version of a name that may come; false if any may. */
bool zephyr_wasm_floor_of(const char *name, uint16_t version[3]);

/** Has nothing be installed of a name from here on that is older than a version; -ENOSPC if
 * CONFIG_WASM_STORE_FLOOR_COUNT other names have such a version. */
int zephyr_wasm_floor_raise(const char *name, const uint16_t version[3]);

/** Erases the versions of an app that are neither to run nor to go back to. */
void zephyr_wasm_install_drop_others(const char *name);

/** Stops what runs of the app of a name, and releases its slot; whether it ran. */
bool zephyr_wasm_trial_stop(const char *name);

/** Starts the version of an app that is to run, on trial if it is new. A version that this image
 * does not trust any more is passed over. */
int zephyr_wasm_trial_start(const char *name, char *message);

/** An app has ended, which may have been on trial. */
void zephyr_wasm_trial_ended(struct zephyr_wasm_app *app);

/** Whether there is something to go back to from a version, and it may run. */
bool zephyr_wasm_trial_can_go_back(const struct entry *entry);

/** Keeps why a version has failed its trial. */
void zephyr_wasm_failure_note(const struct zephyr_wasm_identity *identity, const char *message);

/** Forgets why a version of an app has failed its trial. */
void zephyr_wasm_failure_forget(const char *name);

/** Takes back what was on trial as the power was lost, at the start of the board. */
void zephyr_wasm_trial_settle(void);

/** Ends the trial of an entry: it stays. */
int zephyr_wasm_trial_pass(struct entry *entry);

#endif /* ZEPHYR_WASM_STORE_STORE_H_ */
