/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Install apps into flash, update them, and go back.
 *
 * What mcumgr clients reach by SMP (docs/store.md), for firmware that has a way of its own to bring
 * apps to the board. Any thread may call these but the system's work queue and interrupt handlers;
 * one call at a time is served. If wasm_partition is that of an image with other options
 * (docs/store.md), -EIO is what they return. Needs CONFIG_WASM_STORE.
 */

#ifndef ZEPHYR_WASM_STORE_H_
#define ZEPHYR_WASM_STORE_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr_wasm/zephyr_wasm.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The longest name of an app with its terminating zero. */
#define ZEPHYR_WASM_NAME_SIZE 32

/** The size of a SHA-256 in bytes. */
#define ZEPHYR_WASM_DIGEST_SIZE 32

/** The size of a public key (ed25519) in bytes. */
#define ZEPHYR_WASM_KEY_SIZE 32

/** The size of a request to revoke a key in bytes. */
#define ZEPHYR_WASM_REVOCATION_SIZE 104

/** The name of a key: the first bytes of its SHA-256. */
#define ZEPHYR_WASM_KEY_ID_SIZE 8

/** What an app's manifest calls it. */
struct zephyr_wasm_identity {
	/** Its name. */
	char name[ZEPHYR_WASM_NAME_SIZE];
	/** Its version: major, minor, patch; zeroes if it has none. */
	uint16_t version[3];
};

/** What the store keeps of a version of an app. */
enum zephyr_wasm_store_state {
	/** It is what starts. */
	ZEPHYR_WASM_STORE_CURRENT = 1,
	/** It is what starts, and the version before it comes back if it fails. */
	ZEPHYR_WASM_STORE_ON_TRIAL = 2,
	/** It is what zephyr_wasm_store_rollback() goes back to. */
	ZEPHYR_WASM_STORE_PREVIOUS = 3,
	/** It is not what was installed: its flash has lost bits. */
	ZEPHYR_WASM_STORE_DAMAGED = 4,
	/** It is not signed by a key that this image trusts, and does not run. */
	ZEPHYR_WASM_STORE_REFUSED = 5,
};

/** A version of an app in the store. */
struct zephyr_wasm_store_info {
	/** Its name and version; only a part of that if it is damaged. */
	struct zephyr_wasm_identity identity;
	/** What it is kept for. */
	enum zephyr_wasm_store_state state;
	/** Its size in bytes. */
	size_t size;
	/** The SHA-256 of its file. */
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	/** Whether one of the image's keys has signed it. */
	bool is_signed;
	/** Which, if it is signed. */
	uint8_t key[ZEPHYR_WASM_KEY_ID_SIZE];
};

/** A version of an app that has failed its trial. */
struct zephyr_wasm_store_failure {
	/** Its name and version. */
	struct zephyr_wasm_identity identity;
	/** Why it was taken back, in words. */
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
};

/**
 * @brief Begins to receive an app, or goes on with what has come of it.
 *
 * Takes room for it, if need be from versions that are only kept to go back to; where it would not
 * fit without them either, they stay. What has come of a file of the same digest is kept, over a
 * loss of power, too.
 *
 * @param size     The size of its file in bytes.
 * @param digest   The SHA-256 of its file; NULL if nobody knows, and then an upload that is cut off
 * begins anew.
 * @param received Where to write how much of it is here already, in bytes; all of it if it is
 *                 installed.
 * @param message  Room for ZEPHYR_WASM_MESSAGE_SIZE bytes, for what went wrong in words.
 *
 * @retval 0 on success.
 * @retval -EINVAL if the size is 0.
 * @retval -EBUSY if another file is being received, and its last part came less than
 *                CONFIG_WASM_STORE_UPLOAD_SECONDS ago.
 * @retval -EPERM if it is installed, as the version to go back to.
 * @retval -ENOSPC if there is no room for it, whatever is given up.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_begin(size_t size, const uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE],
			    size_t *received, char *message);

/**
 * @brief Takes the next part of an app.
 *
 * @param offset Where in the file it begins, which has to be what is received so far.
 * @param data   The bytes.
 * @param size   How many.
 * @param message As above.
 *
 * @return how many bytes of the file are received, or a negative error:
 * @retval -ESRCH if nothing is being received.
 * @retval -ESPIPE if the offset is another.
 * @retval -EFBIG if it goes beyond the size that was announced.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_write(size_t offset, const void *data, size_t size, char *message);

/**
 * @brief Checks the app that was received, and puts it in the place of the version before.
 *
 * It is checked as it is before it runs, on a free slot (CONFIG_WASM_MAX_APPS), or on that of the
 * version before, which is stopped for it if there is no other. What is refused is erased.
 *
 * @param identity Where to write its name and version.
 * @param message  As above; what is wrong with the app, if it is refused.
 *
 * @retval 0 on success.
 * @retval -ESRCH if nothing has been received as a whole.
 * @retval -EBADMSG if it is not what was announced.
 * @retval -ENOEXEC if it is no app, or one that this image refuses.
 * @retval -EPERM if its version is not later than the one that is installed, or is older than one
 *                that has passed its trial, or was erased, before.
 * @retval -ENOSPC if the versions of CONFIG_WASM_STORE_FLOOR_COUNT other names are kept already.
 * @retval -EACCES if its signature is missing or wrong.
 * @retval -ENOMEM if there is no slot to check it on.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_install(struct zephyr_wasm_identity *identity, char *message);

/**
 * @brief Starts the version of an app that is to run, after it has stopped the one that does.
 *
 * @param name    The app's name, in the store or embedded.
 * @param message As above.
 *
 * @retval 0 on success.
 * @retval -ENOENT if there is none of that name.
 * @retval -ENOMEM if CONFIG_WASM_MAX_APPS apps are loaded already.
 */
int zephyr_wasm_store_start(const char *name, char *message);

/**
 * @brief Ends the trial of an app: it stays.
 *
 * @retval 0 on success, also if it is not on trial.
 * @retval -ENOENT if the store has none of that name.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_confirm(const char *name, char *message);

/**
 * @brief Goes back to the version before, and starts it if the other ran.
 *
 * @retval 0 on success.
 * @retval -ENOENT if the store has none of that name, or none before it.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_rollback(const char *name, char *message);

/**
 * @brief Stops an app, and erases all its versions.
 *
 * Nothing older of that name is installed again, unless CONFIG_WASM_STORE_DOWNGRADE is set.
 *
 * @retval 0 on success.
 * @retval -ENOENT if the store has none of that name.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_erase(const char *name, char *message);

/**
 * @brief Tells of one version of an app.
 *
 * @param index From 0.
 * @param info  Where to write what it is.
 *
 * @retval 0 on success.
 * @retval -ENOENT if there are not so many.
 */
int zephyr_wasm_store_info(size_t index, struct zephyr_wasm_store_info *info);

/**
 * @brief Tells which version of an app has failed its trial last, and why.
 *
 * Kept in RAM for the last CONFIG_WASM_STORE_FAILURE_COUNT apps, since the board started; the
 * version that was taken back as the board started is one of them.
 *
 * @param name    The app's name.
 * @param failure Where to write it.
 *
 * @retval 0 on success.
 * @retval -ENOENT if none is known of that name.
 */
int zephyr_wasm_store_failure(const char *name, struct zephyr_wasm_store_failure *failure);

/** @brief The bytes of flash that are free, in all. */
size_t zephyr_wasm_store_free(void);

/**
 * @brief Trusts one more key, besides those of CONFIG_WASM_STORE_KEYS.
 *
 * For keys that a board is provisioned with; they are kept in RAM only.
 *
 * @retval 0 on success.
 * @retval -ENOMEM if there are CONFIG_WASM_STORE_ADDED_KEY_COUNT already.
 */
int zephyr_wasm_store_add_key(const uint8_t key[ZEPHYR_WASM_KEY_SIZE]);

/**
 * @brief Trusts a key no longer, from now on and after each start of the board.
 *
 * What it alone has signed is stopped, and the version before starts in its place, or the embedded
 * one. There is no way back but the erasure of the partition.
 *
 * @param key     The public key, which need not be one of the image's.
 * @param message As above.
 *
 * @retval 0 on success, also if it is revoked already.
 * @retval -ENOSPC if CONFIG_WASM_STORE_REVOKED_KEY_COUNT keys are.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_revoke_key(const uint8_t key[ZEPHYR_WASM_KEY_SIZE], char *message);

/**
 * @brief The same by a request of `zephyr-wasm revoke`, which another key of the image has signed.
 *
 * It is checked on a free slot (CONFIG_WASM_MAX_APPS).
 *
 * @param request The request.
 * @param size    Its size, ZEPHYR_WASM_REVOCATION_SIZE bytes.
 * @param message As above.
 *
 * @retval 0 on success, also if the key is revoked already.
 * @retval -EINVAL if the size is another.
 * @retval -EACCES if no other key of the image that is not revoked has signed it.
 * @retval -ENOENT if the image does not have the key that is to be revoked.
 * @retval -ENOMEM if there is no slot to check it on.
 * @retval -ENOSPC if CONFIG_WASM_STORE_REVOKED_KEY_COUNT keys are revoked.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_revoke(const void *request, size_t size, char *message);

/**
 * @brief Makes the instances of LwM2M's Software Management object, which drive the store.
 *
 * Before lwm2m_rd_client_start(). Needs CONFIG_WASM_LWM2M.
 *
 * @return 0 on success, or LwM2M's error.
 */
int zephyr_wasm_lwm2m_init(void);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_STORE_H_ */
