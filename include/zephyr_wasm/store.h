/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Install apps into flash, update them, and roll back.
 *
 * These are the functions behind the MCUmgr group (docs/store.md). They are for firmware that has
 * another way to bring apps to the board.
 *
 * They may be called from any thread, except for the system work queue, and not from interrupt
 * handlers. Calls are served one at a time. If wasm_partition was written by an image with other
 * options (docs/store.md), they return -EIO. Needs CONFIG_WASM_STORE.
 *
 * Parameter @p message of these functions is a buffer of ZEPHYR_WASM_MESSAGE_SIZE bytes. If a
 * function fails, it writes the reason in words there.
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

/** The size of an app's longest name, including its final zero. */
#define ZEPHYR_WASM_NAME_SIZE 32

/** The size of a SHA-256 digest in bytes. */
#define ZEPHYR_WASM_DIGEST_SIZE 32

/** The size of a public key (ed25519) in bytes. */
#define ZEPHYR_WASM_KEY_SIZE 32

/** The size of a request to revoke a key in bytes. */
#define ZEPHYR_WASM_REVOCATION_SIZE 104

/** The size of a key's id in bytes. The id is the first bytes of the key's SHA-256. */
#define ZEPHYR_WASM_KEY_ID_SIZE 8

/** The name and version of an app, from its manifest. */
struct zephyr_wasm_identity {
	/** Its name. */
	char name[ZEPHYR_WASM_NAME_SIZE];
	/** Its version: major, minor, patch. Zeroes if it has none. */
	uint16_t version[3];
};

/** The state of a version in the store. */
enum zephyr_wasm_store_state {
	/** This version is the one that starts. */
	ZEPHYR_WASM_STORE_CURRENT = 1,
	/** This version is the one that starts. If it fails, the version before comes back. */
	ZEPHYR_WASM_STORE_ON_TRIAL = 2,
	/** zephyr_wasm_store_rollback() goes back to this version. */
	ZEPHYR_WASM_STORE_PREVIOUS = 3,
	/** Its file is not the one that was installed, because the flash has lost bits. It does not
	 * run. */
	ZEPHYR_WASM_STORE_DAMAGED = 4,
	/** It is not signed by a key that this image trusts. It does not run. */
	ZEPHYR_WASM_STORE_REFUSED = 5,
};

/** A version of an app in the store. */
struct zephyr_wasm_store_info {
	/** Its name and version. If it is damaged, they may be incomplete. */
	struct zephyr_wasm_identity identity;
	/** Its state. */
	enum zephyr_wasm_store_state state;
	/** Its size in bytes. */
	size_t size;
	/** The SHA-256 of its file. */
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	/** Whether one of the image's keys has signed it. */
	bool is_signed;
	/** The id of that key, if it is signed. */
	uint8_t key[ZEPHYR_WASM_KEY_ID_SIZE];
};

/** A version of an app that has failed its trial. */
struct zephyr_wasm_store_failure {
	/** Its name and version. */
	struct zephyr_wasm_identity identity;
	/** Why it has failed, in words. */
	char message[ZEPHYR_WASM_MESSAGE_SIZE];
};

/**
 * @brief Begins to receive an app, or continues an upload.
 *
 * To make room, this erases versions that are only kept to go back to. If the file would not fit
 * even then, nothing is erased. What has been received of a file with the same digest is kept, even
 * after a loss of power.
 *
 * @param size     The size of the file in bytes.
 * @param digest   The SHA-256 of the file. NULL if it is not known; then an upload that was
 *                 interrupted has to begin again.
 * @param received Where to write how many bytes of the file are here already; all of them if it is
 *                 installed.
 * @param message  Where to write the reason of a failure.
 *
 * @retval 0 on success.
 * @retval -EINVAL if the size is 0.
 * @retval -EBUSY if another file is being received, and its last part has arrived less than
 *         CONFIG_WASM_STORE_UPLOAD_SECONDS ago.
 * @retval -EPERM if this version is installed as the one to go back to.
 * @retval -ENOSPC if there is no room, whatever is erased.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_begin(size_t size, const uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE],
			    size_t *received, char *message);

/**
 * @brief Writes the next part of the file that is being received.
 *
 * @param offset  The offset of the part in the file. It has to be the number of bytes received so
 *                far.
 * @param data    The bytes.
 * @param size    How many bytes.
 * @param message Where to write the reason of a failure.
 *
 * @return how many bytes of the file have been received, or a negative error:
 * @retval -ESRCH if no file is being received.
 * @retval -ESPIPE if the offset is wrong.
 * @retval -EFBIG if the part goes beyond the announced size.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_write(size_t offset, const void *data, size_t size, char *message);

/**
 * @brief Checks the app that was received, and installs it in place of the version before.
 *
 * The app is checked as it is before it runs, on a free slot (CONFIG_WASM_MAX_APPS). If there is
 * none, the version before is stopped, and its slot is used. An app that is refused is erased.
 *
 * @param identity Where to write its name and version.
 * @param message  Where to write the reason of a failure, such as what is wrong with the app.
 *
 * @retval 0 on success.
 * @retval -ESRCH if no file has been received completely.
 * @retval -EBADMSG if the file has not the announced digest.
 * @retval -ENOEXEC if the file is no app, or is one that this image refuses.
 * @retval -EPERM if its version is not later than the installed one; or if it is older than
 *         the embedded app, or than a version that has passed its trial or was erased before.
 * @retval -ENOSPC if floors are kept for CONFIG_WASM_STORE_FLOOR_COUNT other names already.
 * @retval -EACCES if its signature is missing or not trusted.
 * @retval -ENOMEM if there is no slot to check it on.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_install(struct zephyr_wasm_identity *identity, char *message);

/**
 * @brief Starts the version of an app that is to run. If the app runs already, stops it first.
 *
 * @param name    The app's name, in the store or embedded.
 * @param message Where to write the reason of a failure.
 *
 * @retval 0 on success.
 * @retval -ENOENT if there is no app of this name.
 * @retval -ENOMEM if CONFIG_WASM_MAX_APPS apps are loaded already.
 * @retval -EIO if the partition cannot be used.
 */
int zephyr_wasm_store_start(const char *name, char *message);

/**
 * @brief Ends the trial of an app, which has passed it.
 *
 * @param name    The app's name.
 * @param message Where to write the reason of a failure.
 *
 * @retval 0 on success, also if it is not on trial.
 * @retval -ENOENT if the store has no app of this name.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_confirm(const char *name, char *message);

/**
 * @brief Goes back to the version before, which is started if the other one ran. The other one is
 * erased.
 *
 * @param name    The app's name.
 * @param message Where to write the reason of a failure.
 *
 * @retval 0 on success.
 * @retval -ENOENT if the store has no app of this name, or no version before it that may
 *         run.
 * @retval -EBUSY if the app is loaded more than once, or is being called.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_rollback(const char *name, char *message);

/**
 * @brief Stops an app, and erases all its versions.
 *
 * After that, no older version of the name can be installed, unless CONFIG_WASM_STORE_DOWNGRADE is
 * set.
 *
 * @param name    The app's name.
 * @param message Where to write the reason of a failure.
 *
 * @retval 0 on success.
 * @retval -ENOENT if the store has no app of this name.
 * @retval -EBUSY if the app is loaded more than once, or is being called.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_erase(const char *name, char *message);

/**
 * @brief Reports one version of an app in the store.
 *
 * @param index The number of the version, from 0.
 * @param info  Where to write it.
 *
 * @retval 0 on success.
 * @retval -ENOENT if there are not that many versions.
 * @retval -EIO if the partition cannot be used.
 */
int zephyr_wasm_store_info(size_t index, struct zephyr_wasm_store_info *info);

/**
 * @brief Reports which version of an app has failed its trial last, and why.
 *
 * The failures of the last CONFIG_WASM_STORE_FAILURE_COUNT apps since the start of the board are
 * kept in RAM. That includes a version that was on trial when the board was reset.
 *
 * @param name    The app's name.
 * @param failure Where to write it.
 *
 * @retval 0 on success.
 * @retval -ENOENT if there is no failure of this name.
 * @retval -EIO if the partition cannot be used.
 */
int zephyr_wasm_store_failure(const char *name, struct zephyr_wasm_store_failure *failure);

/** @brief Returns the size of all free blocks in bytes; 0 if the partition cannot be used. */
size_t zephyr_wasm_store_free(void);

/**
 * @brief Adds a trusted key to those of CONFIG_WASM_STORE_KEYS.
 *
 * For keys with which a board is provisioned. They are kept in RAM only.
 *
 * @param key The public key.
 *
 * @retval 0 on success.
 * @retval -ENOMEM if CONFIG_WASM_STORE_ADDED_KEY_COUNT keys were added already.
 */
int zephyr_wasm_store_add_key(const uint8_t key[ZEPHYR_WASM_KEY_SIZE]);

/**
 * @brief Revokes a key, from now on and after each start of the board.
 *
 * Apps that are signed by this key alone are stopped. The version before, or the embedded app,
 * starts in their place. This can only be undone by erasing the partition.
 *
 * @param key     The public key, which need not be one of the image's.
 * @param message Where to write the reason of a failure.
 *
 * @retval 0 on success, also if the key is revoked already.
 * @retval -ENOSPC if CONFIG_WASM_STORE_REVOKED_KEY_COUNT keys are revoked already.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_revoke_key(const uint8_t key[ZEPHYR_WASM_KEY_SIZE], char *message);

/**
 * @brief Revokes a key by a request of `zephyr-wasm revoke`, which another key of the image has
 * signed.
 *
 * The request is checked on a free slot (CONFIG_WASM_MAX_APPS).
 *
 * @param request The request.
 * @param size    Its size, which has to be ZEPHYR_WASM_REVOCATION_SIZE bytes.
 * @param message Where to write the reason of a failure.
 *
 * @retval 0 on success, also if the key is revoked already.
 * @retval -EINVAL if the size is wrong.
 * @retval -EACCES if it is not signed by another key of the image that is not revoked.
 * @retval -ENOENT if the image does not have the key that is to be revoked.
 * @retval -ENOMEM if there is no slot to check the request on.
 * @retval -ENOSPC if CONFIG_WASM_STORE_REVOKED_KEY_COUNT keys are revoked already.
 * @retval -EIO if the flash fails.
 */
int zephyr_wasm_store_revoke(const void *request, size_t size, char *message);

/**
 * @brief Creates the instances of LwM2M's Software Management object, by which a server uses the
 * store.
 *
 * Has to be called before lwm2m_rd_client_start(). Needs CONFIG_WASM_LWM2M.
 *
 * @return 0 on success, or LwM2M's error.
 */
int zephyr_wasm_lwm2m_init(void);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_STORE_H_ */
