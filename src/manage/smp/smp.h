/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the files of our MCUmgr group share.
 */

#ifndef ZEPHYR_WASM_SMP_H_
#define ZEPHYR_WASM_SMP_H_

#include <zephyr/mgmt/mcumgr/mgmt/mgmt.h>
#include <zephyr/mgmt/mcumgr/smp/smp.h>

#include <zcbor_common.h>
#include <zcbor_decode.h>
#include <zcbor_encode.h>

#include <mgmt/mcumgr/util/zcbor_bulk.h>

#include <zephyr_wasm/store.h>

#include "core/app.h"

/** The commands of the group. docs/store.md has their requests and responses. */
enum zephyr_wasm_smp_command {
	ZEPHYR_WASM_SMP_LIST,
	ZEPHYR_WASM_SMP_UPLOAD,
	ZEPHYR_WASM_SMP_START,
	ZEPHYR_WASM_SMP_STOP,
	ZEPHYR_WASM_SMP_ERASE,
	ZEPHYR_WASM_SMP_INFO,
	ZEPHYR_WASM_SMP_LOGS,
	ZEPHYR_WASM_SMP_CONFIRM,
	ZEPHYR_WASM_SMP_ROLLBACK,
	ZEPHYR_WASM_SMP_REVOKE,
	ZEPHYR_WASM_SMP_FAILURE,
	ZEPHYR_WASM_SMP_COMMANDS,
};

/** The reason of a failure in words, until the response is sent. One buffer is enough, because
 * requests are handled one after the other. */
extern char zephyr_wasm_smp_message[ZEPHYR_WASM_MESSAGE_SIZE];

/** Puts that message into the response. Returns MCUmgr's code for a negative error. */
int zephyr_wasm_smp_fail(struct smp_streamer *ctxt, int error);

/** Reads the name in a request into a buffer of ZEPHYR_WASM_NAMED_SIZE bytes. Returns false, with a
 * message, if there is none. */
bool zephyr_wasm_smp_name(struct smp_streamer *ctxt, char *name);

/** Copies a string of a request, with a zero at its end; false if the string is empty, does not
 * fit, or has a zero byte in it. */
bool zephyr_wasm_smp_copy(const struct zcbor_string *string, char *text, size_t room);

/** Puts a version as text into a response. */
bool zephyr_wasm_smp_put_version(zcbor_state_t *zse, const uint16_t *version);

int zephyr_wasm_smp_list(struct smp_streamer *ctxt);
int zephyr_wasm_smp_info(struct smp_streamer *ctxt);
int zephyr_wasm_smp_failure(struct smp_streamer *ctxt);
int zephyr_wasm_smp_logs(struct smp_streamer *ctxt);
int zephyr_wasm_smp_upload(struct smp_streamer *ctxt);

#endif /* ZEPHYR_WASM_SMP_H_ */
