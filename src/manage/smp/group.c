/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Our command group of MCUmgr, with the commands by which operators manage apps.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/mgmt/mcumgr/mgmt/handlers.h>

#include <zephyr_wasm/store.h>

#include "core/slots.h"
#include "smp.h"

BUILD_ASSERT(CONFIG_MCUMGR_TRANSPORT_WORKQUEUE_THREAD_PRIO < CONFIG_WASM_APP_PRIORITY_HIGHEST,
	     "an app that computes without a pause would keep MCUmgr from ending it: set "
	     "CONFIG_MCUMGR_TRANSPORT_WORKQUEUE_THREAD_PRIO below "
	     "CONFIG_WASM_APP_PRIORITY_HIGHEST");

char zephyr_wasm_smp_message[ZEPHYR_WASM_MESSAGE_SIZE];

int zephyr_wasm_smp_fail(struct smp_streamer *ctxt, int error)
{
	static const struct {
		int error;
		int code;
	} codes[] = {
		{-EINVAL, MGMT_ERR_EINVAL},        {-EFBIG, MGMT_ERR_EINVAL},
		{-ENOENT, MGMT_ERR_ENOENT},        {-ENOSPC, MGMT_ERR_ENOMEM},
		{-ENOMEM, MGMT_ERR_ENOMEM},        {-EBUSY, MGMT_ERR_EBUSY},
		{-ESRCH, MGMT_ERR_EBADSTATE},      {-EBADMSG, MGMT_ERR_ECORRUPT},
		{-ENOEXEC, MGMT_ERR_ECORRUPT},     {-EPERM, MGMT_ERR_EACCESSDENIED},
		{-EACCES, MGMT_ERR_EACCESSDENIED}, {-EEXIST, MGMT_ERR_EINVAL},
	};

	MGMT_CTXT_SET_RC_RSN(ctxt, zephyr_wasm_smp_message);
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i].error == error) {
			return codes[i].code;
		}
	}
	return MGMT_ERR_EUNKNOWN;
}

bool zephyr_wasm_smp_copy(const struct zcbor_string *string, char *text, size_t room)
{
	if (string->len == 0 || string->len >= room ||
	    memchr(string->value, '\0', string->len) != NULL) {
		return false;
	}
	memcpy(text, string->value, string->len);
	text[string->len] = '\0';
	return true;
}

bool zephyr_wasm_smp_name(struct smp_streamer *ctxt, char *name)
{
	struct zcbor_string string = {0};
	size_t decoded;
	struct zcbor_map_decode_key_val keys[] = {
		ZCBOR_MAP_DECODE_KEY_DECODER("name", zcbor_tstr_decode, &string),
	};

	if (zcbor_map_decode_bulk(ctxt->reader->zs, keys, ARRAY_SIZE(keys), &decoded) != 0 ||
	    !zephyr_wasm_smp_copy(&string, name, ZEPHYR_WASM_NAMED_SIZE)) {
		strcpy(zephyr_wasm_smp_message, "`name` is missing, or is no app's name");
		return false;
	}
	return true;
}

/* Runs a command that takes a name and has an empty response. */
static int by_name(struct smp_streamer *ctxt, int (*command)(const char *name, char *message))
{
	char name[ZEPHYR_WASM_NAMED_SIZE];
	int result;

	if (!zephyr_wasm_smp_name(ctxt, name)) {
		return zephyr_wasm_smp_fail(ctxt, -EINVAL);
	}
	result = command(name, zephyr_wasm_smp_message);
	return result == 0 ? MGMT_ERR_EOK : zephyr_wasm_smp_fail(ctxt, result);
}

static int start(struct smp_streamer *ctxt)
{
	return by_name(ctxt, zephyr_wasm_store_start);
}

static int stop_app(const char *name, char *message)
{
	struct zephyr_wasm_app *app;
	int result = zephyr_wasm_named(name, &app, message);

	if (result == 0) {
		(void)zephyr_wasm_stop(app, K_MSEC(CONFIG_WASM_STORE_STOP_MS));
	}
	return result;
}

static int stop(struct smp_streamer *ctxt)
{
	return by_name(ctxt, stop_app);
}

static int erase(struct smp_streamer *ctxt)
{
	return by_name(ctxt, zephyr_wasm_store_erase);
}

static int confirm(struct smp_streamer *ctxt)
{
	return by_name(ctxt, zephyr_wasm_store_confirm);
}

static int rollback(struct smp_streamer *ctxt)
{
	return by_name(ctxt, zephyr_wasm_store_rollback);
}

static int revoke(struct smp_streamer *ctxt)
{
	struct zcbor_string request = {0};
	size_t decoded;
	struct zcbor_map_decode_key_val keys[] = {
		ZCBOR_MAP_DECODE_KEY_DECODER("request", zcbor_bstr_decode, &request),
	};
	int result;

	if (zcbor_map_decode_bulk(ctxt->reader->zs, keys, ARRAY_SIZE(keys), &decoded) != 0) {
		strcpy(zephyr_wasm_smp_message, "`request` is bytes");
		return zephyr_wasm_smp_fail(ctxt, -EINVAL);
	}
	result = zephyr_wasm_store_revoke(request.value, request.len, zephyr_wasm_smp_message);
	return result == 0 ? MGMT_ERR_EOK : zephyr_wasm_smp_fail(ctxt, result);
}

static const struct mgmt_handler handlers[ZEPHYR_WASM_SMP_COMMANDS] = {
	[ZEPHYR_WASM_SMP_LIST] = {.mh_read = zephyr_wasm_smp_list},
	[ZEPHYR_WASM_SMP_UPLOAD] = {.mh_write = zephyr_wasm_smp_upload},
	[ZEPHYR_WASM_SMP_START] = {.mh_write = start},
	[ZEPHYR_WASM_SMP_STOP] = {.mh_write = stop},
	[ZEPHYR_WASM_SMP_ERASE] = {.mh_write = erase},
	[ZEPHYR_WASM_SMP_INFO] = {.mh_read = zephyr_wasm_smp_info},
	[ZEPHYR_WASM_SMP_LOGS] = {.mh_read = zephyr_wasm_smp_logs},
	[ZEPHYR_WASM_SMP_CONFIRM] = {.mh_write = confirm},
	[ZEPHYR_WASM_SMP_ROLLBACK] = {.mh_write = rollback},
	[ZEPHYR_WASM_SMP_REVOKE] = {.mh_write = revoke},
	[ZEPHYR_WASM_SMP_FAILURE] = {.mh_read = zephyr_wasm_smp_failure},
};

static struct mgmt_group group = {
	.mg_handlers = handlers,
	.mg_handlers_count = ARRAY_SIZE(handlers),
	.mg_group_id = CONFIG_WASM_SMP_GROUP,
#ifdef CONFIG_MCUMGR_GRP_ENUM_DETAILS_NAME
	.mg_group_name = "wasm",
#endif
};

static void register_group(void)
{
	mgmt_register_group(&group);
}

MCUMGR_HANDLER_DEFINE(zephyr_wasm, register_group);
