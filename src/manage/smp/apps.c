/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The commands of our MCUmgr group that report on apps.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

#include <zephyr_wasm/store.h>

#include "core/names.h"
#include "core/slots.h"
#include "observe/log_history.h"
#include "smp.h"
#include "store/store.h"
#include "zephyr_wasm_declared.h"

/* The most bytes of a log in one response, which fit MCUmgr's smallest buffers. */
#define LOG_PART 200

static const char *store_state(enum zephyr_wasm_store_state state)
{
	switch (state) {
	case ZEPHYR_WASM_STORE_CURRENT:
		return "current";
	case ZEPHYR_WASM_STORE_ON_TRIAL:
		return "on trial";
	case ZEPHYR_WASM_STORE_PREVIOUS:
		return "previous";
	case ZEPHYR_WASM_STORE_REFUSED:
		return "refused";
	default:
		return "damaged";
	}
}

bool zephyr_wasm_smp_put_version(zcbor_state_t *zse, const uint16_t *version)
{
	char text[sizeof("65535.65535.65535")];

	snprintk(text, sizeof(text), "%u.%u.%u", version[0], version[1], version[2]);
	return zcbor_tstr_put_term(zse, text, sizeof(text));
}

static bool put_text(zcbor_state_t *zse, const char *key, const char *value)
{
	return zcbor_tstr_put_term(zse, key, 16) &&
	       zcbor_tstr_put_term(zse, value, ZEPHYR_WASM_MESSAGE_SIZE);
}

static bool put_number(zcbor_state_t *zse, const char *key, uint32_t value)
{
	return zcbor_tstr_put_term(zse, key, 16) && zcbor_uint32_put(zse, value);
}

/* Puts the state of the loaded app of a name, if @p runs says that it is of this version. */
static bool put_doing(zcbor_state_t *zse, const char *name, bool runs)
{
	static struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app = runs ? zephyr_wasm_find(name) : NULL;

	if (app == NULL || zephyr_wasm_status(app, &status) != 0) {
		return true;
	}
	return put_text(zse, "run",
			status.state == ZEPHYR_WASM_STATE_ENDED
				? status.message
				: zephyr_wasm_state_name(status.state)) &&
	       zcbor_tstr_put_lit(zse, "compiled") && zcbor_bool_put(zse, status.compiled);
}

static bool put_stored(zcbor_state_t *zse, const struct zephyr_wasm_store_info *info)
{
	bool runs = info->state == ZEPHYR_WASM_STORE_CURRENT ||
		    info->state == ZEPHYR_WASM_STORE_ON_TRIAL;
	bool ok = put_text(zse, "name", info->identity.name) &&
		  zcbor_tstr_put_lit(zse, "version") &&
		  zephyr_wasm_smp_put_version(zse, info->identity.version) &&
		  put_number(zse, "size", info->size) &&
		  put_text(zse, "state", store_state(info->state)) &&
		  zcbor_tstr_put_lit(zse, "hash") &&
		  zcbor_bstr_encode_ptr(zse, info->digest, sizeof(info->digest)) &&
		  put_doing(zse, info->identity.name, runs);

	if (ok && info->is_signed) {
		ok = zcbor_tstr_put_lit(zse, "key") &&
		     zcbor_bstr_encode_ptr(zse, info->key, sizeof(info->key));
	}
	return ok;
}

static bool put_embedded(zcbor_state_t *zse, const struct zephyr_wasm_image *image)
{
	struct zephyr_wasm_identity identity = {0};
	char message[ZEPHYR_WASM_MESSAGE_SIZE];

	(void)zephyr_wasm_rs_identify(image->wasm, image->size, &identity, message);
	return put_text(zse, "name", image->name) && zcbor_tstr_put_lit(zse, "version") &&
	       zephyr_wasm_smp_put_version(zse, identity.version) &&
	       put_number(zse, "size", image->size) && put_text(zse, "state", "embedded") &&
	       put_doing(zse, image->name, !zephyr_wasm_store_has(image->name));
}

static size_t stored_count(void)
{
	struct zephyr_wasm_store_info info;
	size_t count = 0;

	while (zephyr_wasm_store_info(count, &info) == 0) {
		count++;
	}
	return count;
}

int zephyr_wasm_smp_list(struct smp_streamer *ctxt)
{
	zcbor_state_t *zse = ctxt->writer->zs;
	size_t stored = stored_count();
	size_t embedded;
	uint32_t index = 0;
	size_t decoded;
	struct zcbor_map_decode_key_val keys[] = {
		ZCBOR_MAP_DECODE_KEY_DECODER("index", zcbor_uint32_decode, &index),
	};
	bool ok = true;

	if (zcbor_map_decode_bulk(ctxt->reader->zs, keys, ARRAY_SIZE(keys), &decoded) != 0) {
		strcpy(zephyr_wasm_smp_message, "`index` is a number");
		return zephyr_wasm_smp_fail(ctxt, -EINVAL);
	}
	STRUCT_SECTION_COUNT(zephyr_wasm_image, &embedded);
	if (index < stored) {
		struct zephyr_wasm_store_info info;

		ok = zephyr_wasm_store_info(index, &info) != 0 || put_stored(zse, &info);
	} else if (index < stored + embedded) {
		const struct zephyr_wasm_image *image;

		STRUCT_SECTION_GET(zephyr_wasm_image, index - stored, &image);
		ok = put_embedded(zse, image);
	}
	ok = ok && put_number(zse, "free", zephyr_wasm_store_free()) &&
	     zcbor_tstr_put_lit(zse, "end") &&
	     zcbor_bool_put(zse, index >= stored + embedded || index + 1 == stored + embedded);
	return ok ? MGMT_ERR_EOK : MGMT_ERR_EMSGSIZE;
}

int zephyr_wasm_smp_info(struct smp_streamer *ctxt)
{
	static struct zephyr_wasm_status status;
	zcbor_state_t *zse = ctxt->writer->zs;
	char name[ZEPHYR_WASM_NAMED_SIZE];
	struct zephyr_wasm_app *app;
	int result;
	bool ok;

	if (!zephyr_wasm_smp_name(ctxt, name)) {
		return zephyr_wasm_smp_fail(ctxt, -EINVAL);
	}
	result = zephyr_wasm_named(name, &app, zephyr_wasm_smp_message);
	if (result == 0 && zephyr_wasm_status(app, &status) != 0) {
		strcpy(zephyr_wasm_smp_message, "it was released meanwhile");
		result = -ENOENT;
	}
	if (result != 0) {
		return zephyr_wasm_smp_fail(ctxt, result);
	}
	ok = put_text(zse, "state", zephyr_wasm_state_name(status.state)) &&
	     put_number(zse, "end", status.end) && zcbor_tstr_put_lit(zse, "detail") &&
	     zcbor_int32_put(zse, status.detail) && put_text(zse, "message", status.message) &&
	     put_number(zse, "heap", status.heap_used) &&
	     put_number(zse, "heap_peak", status.heap_peak) &&
	     put_number(zse, "heap_size", status.heap_size) &&
	     put_number(zse, "stack_peak", status.stack_peak) &&
	     put_number(zse, "stack_size", status.stack_size) &&
	     put_number(zse, "memory", status.linear_memory) &&
	     put_number(zse, "handles", status.held) &&
	     put_number(zse, "restarts", status.restarts) && zcbor_tstr_put_lit(zse, "cycles") &&
	     zcbor_uint64_put(zse, status.run_cycles) && zcbor_tstr_put_lit(zse, "compiled") &&
	     zcbor_bool_put(zse, status.compiled);
	return ok ? MGMT_ERR_EOK : MGMT_ERR_EMSGSIZE;
}

int zephyr_wasm_smp_failure(struct smp_streamer *ctxt)
{
	static struct zephyr_wasm_store_failure failure;
	zcbor_state_t *zse = ctxt->writer->zs;
	char name[ZEPHYR_WASM_NAMED_SIZE];
	bool ok;

	if (!zephyr_wasm_smp_name(ctxt, name)) {
		return zephyr_wasm_smp_fail(ctxt, -EINVAL);
	}
	/* No failure is not an error. Then the response is empty. */
	ok = zephyr_wasm_store_failure(name, &failure) != 0 ||
	     (zcbor_tstr_put_lit(zse, "version") &&
	      zephyr_wasm_smp_put_version(zse, failure.identity.version) &&
	      put_text(zse, "message", failure.message));
	return ok ? MGMT_ERR_EOK : MGMT_ERR_EMSGSIZE;
}

int zephyr_wasm_smp_logs(struct smp_streamer *ctxt)
{
	zcbor_state_t *zse = ctxt->writer->zs;
	char name[ZEPHYR_WASM_NAMED_SIZE];
	struct zcbor_string string = {0};
	struct zephyr_wasm_app *app;
	int result;
	uint32_t offset = 0;
	size_t decoded;
	struct zcbor_map_decode_key_val keys[] = {
		ZCBOR_MAP_DECODE_KEY_DECODER("name", zcbor_tstr_decode, &string),
		ZCBOR_MAP_DECODE_KEY_DECODER("off", zcbor_uint32_decode, &offset),
	};

	if (zcbor_map_decode_bulk(ctxt->reader->zs, keys, ARRAY_SIZE(keys), &decoded) != 0 ||
	    !zephyr_wasm_smp_copy(&string, name, sizeof(name))) {
		strcpy(zephyr_wasm_smp_message, "`name` is an app's, and `off` a number");
		return zephyr_wasm_smp_fail(ctxt, -EINVAL);
	}
	result = zephyr_wasm_named(name, &app, zephyr_wasm_smp_message);
	if (result != 0) {
		return zephyr_wasm_smp_fail(ctxt, result);
	}
#if CONFIG_WASM_LOG_HISTORY_SIZE > 0
	static char text[LOG_PART];
	size_t size = zephyr_wasm_log_read(app, &offset, text, sizeof(text));
	bool ok = put_number(zse, "off", offset) && zcbor_tstr_put_lit(zse, "text") &&
		  zcbor_bstr_encode_ptr(zse, text, size);

	return ok ? MGMT_ERR_EOK : MGMT_ERR_EMSGSIZE;
#else
	ARG_UNUSED(zse);
	strcpy(zephyr_wasm_smp_message, "this image keeps no logs (CONFIG_WASM_LOG_HISTORY_SIZE)");
	MGMT_CTXT_SET_RC_RSN(ctxt, zephyr_wasm_smp_message);
	return MGMT_ERR_ENOTSUP;
#endif
}
