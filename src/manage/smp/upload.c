/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The upload of an app by MCUmgr. It works like the upload of firmware by the image group.
 */

#include <string.h>

#include "smp.h"

struct request {
	uint32_t off;
	uint32_t len;
	bool start;
	struct zcbor_string data;
	struct zcbor_string sha;
};

/* The file of the current upload. Parts after the first need not name it. */
static struct {
	size_t size;
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
} upload;

static bool decode(struct smp_streamer *ctxt, struct request *request)
{
	size_t decoded;
	struct zcbor_map_decode_key_val keys[] = {
		ZCBOR_MAP_DECODE_KEY_DECODER("off", zcbor_uint32_decode, &request->off),
		ZCBOR_MAP_DECODE_KEY_DECODER("len", zcbor_uint32_decode, &request->len),
		ZCBOR_MAP_DECODE_KEY_DECODER("data", zcbor_bstr_decode, &request->data),
		ZCBOR_MAP_DECODE_KEY_DECODER("sha", zcbor_bstr_decode, &request->sha),
		ZCBOR_MAP_DECODE_KEY_DECODER("start", zcbor_bool_decode, &request->start),
	};

	*request = (struct request){.start = true};
	return zcbor_map_decode_bulk(ctxt->reader->zs, keys, ARRAY_SIZE(keys), &decoded) == 0 &&
	       zcbor_map_decode_bulk_key_found(keys, ARRAY_SIZE(keys), "off");
}

/* Begins an upload, or finds the one that a part belongs to. */
static int begin(const struct request *request, size_t *received)
{
	size_t size = request->off == 0 ? request->len : upload.size;
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	int result;

	if (request->sha.len == sizeof(digest)) {
		memcpy(digest, request->sha.value, sizeof(digest));
	} else if (request->off > 0 && request->sha.len == 0) {
		memcpy(digest, upload.digest, sizeof(digest));
	} else {
		strcpy(zephyr_wasm_smp_message, "the first part has `len`, and `sha` of 32 bytes");
		return -EINVAL;
	}
	/* The file is not known, as after a start of the board, and so is its size. The client has
	 * to begin again. */
	if (request->off > 0 && memcmp(digest, upload.digest, sizeof(digest)) != 0) {
		*received = 0;
		return 0;
	}
	result = zephyr_wasm_store_begin(size, digest, received, zephyr_wasm_smp_message);
	if (result == 0) {
		upload.size = size;
		memcpy(upload.digest, digest, sizeof(digest));
	}
	return result;
}

static bool put_installed(zcbor_state_t *zse, const struct zephyr_wasm_identity *identity,
			  bool start)
{
	bool started =
		start && zephyr_wasm_store_start(identity->name, zephyr_wasm_smp_message) == 0;
	bool ok = zcbor_tstr_put_lit(zse, "name") &&
		  zcbor_tstr_put_term(zse, identity->name, sizeof(identity->name)) &&
		  zcbor_tstr_put_lit(zse, "version") &&
		  zephyr_wasm_smp_put_version(zse, identity->version) &&
		  zcbor_tstr_put_lit(zse, "started") && zcbor_bool_put(zse, started);

	if (ok && start && !started) {
		ok = zcbor_tstr_put_lit(zse, "rsn") &&
		     zcbor_tstr_put_term(zse, zephyr_wasm_smp_message,
					 sizeof(zephyr_wasm_smp_message));
	}
	return ok;
}

int zephyr_wasm_smp_upload(struct smp_streamer *ctxt)
{
	zcbor_state_t *zse = ctxt->writer->zs;
	struct zephyr_wasm_identity identity;
	struct request request;
	size_t received;
	bool ok;
	int result;

	if (!decode(ctxt, &request)) {
		strcpy(zephyr_wasm_smp_message, "an upload has `off`, `data`, `len`, `sha`");
		return zephyr_wasm_smp_fail(ctxt, -EINVAL);
	}
	result = begin(&request, &received);
	if (result != 0) {
		return zephyr_wasm_smp_fail(ctxt, result);
	}
	/* The part has been received before, or comes too early. The client continues from the
	 * offset in the response. */
	if (request.off != received || request.data.len == 0) {
		ok = zcbor_tstr_put_lit(zse, "off") && zcbor_uint32_put(zse, received);
		return ok ? MGMT_ERR_EOK : MGMT_ERR_EMSGSIZE;
	}
	result = zephyr_wasm_store_write(received, request.data.value, request.data.len,
					 zephyr_wasm_smp_message);
	if (result < 0) {
		return zephyr_wasm_smp_fail(ctxt, result);
	}
	received = result;
	if (received == upload.size) {
		result = zephyr_wasm_store_install(&identity, zephyr_wasm_smp_message);
		if (result != 0) {
			return zephyr_wasm_smp_fail(ctxt, result);
		}
	}
	ok = zcbor_tstr_put_lit(zse, "off") && zcbor_uint32_put(zse, received);
	if (ok && received == upload.size) {
		ok = put_installed(zse, &identity, request.start);
	}
	return ok ? MGMT_ERR_EOK : MGMT_ERR_EMSGSIZE;
}
