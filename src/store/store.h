/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The internal functions of the store: its lock, uploads, checks, trust, floors, trials and
 * failures. Entries are in entry.h.
 */

#ifndef ZEPHYR_WASM_STORE_STORE_H_
#define ZEPHYR_WASM_STORE_STORE_H_

#include "entry.h"

struct zephyr_wasm_source;

/** Whether the store has an app of this name that can run. */
bool zephyr_wasm_store_has(const char *name);

/** Locks the store, and mounts it if it is not mounted. Returns 0 with the lock held, or a negative
 * error without it; then @p message has the reason. */
int zephyr_wasm_store_change_begin(char *message);

/** Locks the store, and does not mount it. */
void zephyr_wasm_store_lock(void);

/** Unlocks the store, after either of these. */
void zephyr_wasm_store_change_end(void);

/** Writes a message, at most ZEPHYR_WASM_MESSAGE_SIZE bytes. Returns @p error. */
int zephyr_wasm_store_fail(char *message, int error, const char *format, ...);

/** Returns the entry of the file that was received completely. If there is none, returns NULL, and
 * writes the error and the message. */
struct entry *zephyr_wasm_upload_take(char *message, int *error);

/** Forgets the current upload, as after a loss of power. For tests. */
void zephyr_wasm_upload_forget(void);

/** Loads an app on a free slot, without running its code, and writes how that has ended. Returns 0,
 * -ENOMEM if there is no slot, or -EINVAL if another thread has released the app meanwhile. */
int zephyr_wasm_check_load(const struct zephyr_wasm_image *image,
			   struct zephyr_wasm_status *status);

/** Whether an app was refused because this image does not trust its signature. */
bool zephyr_wasm_check_is_distrusted(const struct zephyr_wasm_status *status);

/** Whether a version that was in flash when the board started may run. Checks it at the first call.
 * If an app of its name is loaded, that has to be released before. */
bool zephyr_wasm_check_found(struct entry *entry);

/** Checks the signature of the module that an app is about to run. Called on the app's thread,
 * because the store is an origin (core/images.h). Checked are programs in files, and versions in
 * the store that were not checked since the start of the board. Embedded apps are part of the
 * image, and are not checked. */
int zephyr_wasm_trust_verify(struct zephyr_wasm_app *app, struct zephyr_wasm_source *source);

/** Whether a key of this image is not revoked. */
bool zephyr_wasm_trust_has(const uint8_t key[ZEPHYR_WASM_KEY_SIZE]);

/** Forgets which key has signed the program that ran on an app's slot. */
void zephyr_wasm_trust_forget(const struct zephyr_wasm_app *app);

/** Reads the revoked keys from the journal. Called when the store is mounted. */
void zephyr_wasm_trust_load(void);

/** Compares two versions. Returns a number below 0 if the left one is earlier, 0 if they are equal,
 * and a number above 0 if it is later. */
int zephyr_wasm_floor_compare(const uint16_t *left, const uint16_t *right);

/** Reads the oldest version of a name that may be installed; false if any may. */
bool zephyr_wasm_floor_of(const char *name, uint16_t version[3]);

/** Raises the floor of a name: from here on, no older version may be installed. Returns 0, an error
 * of the flash, or -ENOSPC if CONFIG_WASM_STORE_FLOOR_COUNT other names have a floor. */
int zephyr_wasm_floor_raise(const char *name, const uint16_t version[3]);

/** Erases all versions of an app except for the one that is to run and the one to go back to. */
void zephyr_wasm_install_drop_others(const char *name);

/** Stops the loaded app of a name, and releases its slot. Returns whether there was one and its
 * slot was released. */
bool zephyr_wasm_trial_stop(const char *name);

/** Starts the version of an app that is to run; a new one is on trial. A version that this image
 * does not trust any more is skipped. Returns 0, or a negative error with the reason in @p message.
 */
int zephyr_wasm_trial_start(const char *name, char *message);

/** The same for an app that was stopped for a change. Logs why it is not started. */
void zephyr_wasm_trial_start_again(const char *name);

/** Called when an app has ended. The app may have been on trial. */
void zephyr_wasm_trial_ended(struct zephyr_wasm_app *app);

/** Whether there is a version to go back to from this one that may run. */
bool zephyr_wasm_trial_can_go_back(const struct entry *entry);

/** Remembers why a version has failed its trial. */
void zephyr_wasm_failure_note(const struct zephyr_wasm_identity *identity, const char *message);

/** Forgets why a version of an app has failed its trial. */
void zephyr_wasm_failure_forget(const char *name);

/** Called at the start of the board: removes versions that were on trial when the board was reset,
 * if there is a version to go back to. */
void zephyr_wasm_trial_settle(void);

/** Ends the trial of an entry, which has passed it. Returns 0, or an error of the flash. */
int zephyr_wasm_trial_pass(struct entry *entry);

#endif /* ZEPHYR_WASM_STORE_STORE_H_ */
