/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The group of MCUmgr, over a transport that is a pair of buffers: what clients say, and what only
 * looks like it.
 */

#include <string.h>

#include <zephyr/mgmt/mcumgr/mgmt/mgmt.h>
#include <zephyr/mgmt/mcumgr/smp/smp.h>
#include <zephyr/mgmt/mcumgr/transport/smp.h>
#include <zephyr/net_buf.h>
#include <zephyr/sys/byteorder.h>

#include <mgmt/mcumgr/transport/smp_internal.h>

#include "core/slots.h"
#include "manage/smp/smp.h"
#include "zephyr_wasm_declared.h"

#include "common.h"

#define READ  MGMT_OP_READ
#define WRITE MGMT_OP_WRITE

static K_SEM_DEFINE(answered, 0, 1);
static uint8_t answer[512];
static size_t answer_size;

/* What the last answer said. */
static int32_t code;
static char reason[ZEPHYR_WASM_MESSAGE_SIZE];
static uint32_t offset;

static int output(struct net_buf *packet)
{
	answer_size = MIN(packet->len, sizeof(answer));
	memcpy(answer, packet->data, answer_size);
	smp_packet_free(packet);
	k_sem_give(&answered);
	return MGMT_ERR_EOK;
}

static uint16_t get_mtu(const struct net_buf *packet)
{
	ARG_UNUSED(packet);
	return sizeof(answer);
}

static struct smp_transport transport = {
	.functions =
		{
			.output = output,
			.get_mtu = get_mtu,
		},
};

/* Sends a request, and waits for its answer. */
static void send(uint8_t op, uint8_t id, const uint8_t *body, size_t size)
{
	static bool ready;
	struct smp_hdr header = {
		.nh_op = op,
		.nh_version = SMP_MCUMGR_VERSION_2,
		.nh_len = sys_cpu_to_be16(size),
		.nh_group = sys_cpu_to_be16(CONFIG_WASM_SMP_GROUP),
		.nh_id = id,
	};
	struct net_buf *packet = smp_packet_alloc();

	if (!ready) {
		zassert_ok(smp_transport_init(&transport));
		ready = true;
	}
	zassert_not_null(packet);
	net_buf_add_mem(packet, &header, sizeof(header));
	net_buf_add_mem(packet, body, size);
	smp_rx_req(&transport, packet);
	zassert_ok(k_sem_take(&answered, K_SECONDS(60)), "no answer");
}

static void decode(void)
{
	struct zcbor_string text = {0};
	size_t decoded;
	struct zcbor_map_decode_key_val keys[] = {
		ZCBOR_MAP_DECODE_KEY_DECODER("rc", zcbor_int32_decode, &code),
		ZCBOR_MAP_DECODE_KEY_DECODER("rsn", zcbor_tstr_decode, &text),
		ZCBOR_MAP_DECODE_KEY_DECODER("off", zcbor_uint32_decode, &offset),
	};

	ZCBOR_STATE_D(zsd, 2, &answer[sizeof(struct smp_hdr)], answer_size - sizeof(struct smp_hdr),
		      1, 0);
	code = 0;
	reason[0] = '\0';
	(void)zcbor_map_decode_bulk(zsd, keys, ARRAY_SIZE(keys), &decoded);
	(void)zephyr_wasm_smp_copy(&text, reason, sizeof(reason));
}

/* A command with a name; what it answers. */
static int32_t command(uint8_t op, uint8_t id, const char *name)
{
	uint8_t body[64];

	ZCBOR_STATE_E(zse, 2, body, sizeof(body), 0);
	zassert_true(zcbor_map_start_encode(zse, 1) && zcbor_tstr_put_lit(zse, "name") &&
		     zcbor_tstr_put_term(zse, name, sizeof(body)) && zcbor_map_end_encode(zse, 1));
	send(op, id, body, zse->payload - body);
	decode();
	return code;
}

/* A part of an upload; what it answers. */
static int32_t part(const struct file *file, size_t from, size_t size)
{
	static uint8_t body[400];
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];

	ZCBOR_STATE_E(zse, 2, body, sizeof(body), 0);
	zephyr_wasm_rs_digest(file->bytes, file->size, digest);
	zassert_true(zcbor_map_start_encode(zse, 5) && zcbor_tstr_put_lit(zse, "off") &&
		     zcbor_uint32_put(zse, from) && zcbor_tstr_put_lit(zse, "len") &&
		     zcbor_uint32_put(zse, file->size) && zcbor_tstr_put_lit(zse, "sha") &&
		     zcbor_bstr_encode_ptr(zse, digest, sizeof(digest)) &&
		     zcbor_tstr_put_lit(zse, "data") &&
		     zcbor_bstr_encode_ptr(zse, &file->bytes[from], MIN(size, file->size - from)) &&
		     zcbor_map_end_encode(zse, 5));
	send(WRITE, ZEPHYR_WASM_SMP_UPLOAD, body, zse->payload - body);
	decode();
	return code;
}

static int32_t push(const struct file *file)
{
	int32_t result = part(file, 0, 250);

	while (result == 0 && offset < file->size) {
		result = part(file, offset, 250);
	}
	return result;
}

ZTEST(store, test_smp_installs_and_tells_what_it_refuses)
{
	zassert_ok(push(&steady_1), "%s", reason);
	zassert_true(runs("steady"));
	zassert_equal(push(&unsigned_app), MGMT_ERR_EACCESSDENIED);
	zassert_not_null(strstr(reason, "unsigned 1.0.0 is not signed"), "%s", reason);
	zassert_equal(push(&missing), MGMT_ERR_ECORRUPT);
	zassert_not_null(strstr(reason, "acme:warp/drive"), "%s", reason);
	zassert_ok(push(&steady_2), "%s", reason);
	zassert_ok(command(WRITE, ZEPHYR_WASM_SMP_CONFIRM, "steady"));
	zassert_equal(state_of("steady"), ZEPHYR_WASM_STORE_CURRENT);
	zassert_ok(command(READ, ZEPHYR_WASM_SMP_INFO, "steady"));
	zassert_ok(command(WRITE, ZEPHYR_WASM_SMP_STOP, "steady"));
	zassert_false(runs("steady"));
	zassert_ok(command(WRITE, ZEPHYR_WASM_SMP_START, "steady"));
	zassert_true(runs("steady"));
	zassert_ok(command(WRITE, ZEPHYR_WASM_SMP_ROLLBACK, "steady"), "%s", reason);
	zassert_equal(version_of("steady"), 10);
	/* Nothing is told of what has not failed, and that is no error. */
	zassert_ok(command(READ, ZEPHYR_WASM_SMP_FAILURE, "steady"), "%s", reason);
	zassert_equal(command(READ, ZEPHYR_WASM_SMP_FAILURE, ""), MGMT_ERR_EINVAL);
	zassert_ok(command(WRITE, ZEPHYR_WASM_SMP_ERASE, "steady"));
	zassert_equal(command(WRITE, ZEPHYR_WASM_SMP_ERASE, "steady"), MGMT_ERR_ENOENT);
	zassert_equal(command(READ, ZEPHYR_WASM_SMP_INFO, "steady"), MGMT_ERR_ENOENT);
	zassert_not_equal(reason[0], '\0');
}

ZTEST(store, test_smp_is_told_which_of_two_apps)
{
	struct zephyr_wasm_app *first, *second;
	struct zephyr_wasm_status status;
	char name[ZEPHYR_WASM_NAMED_SIZE];

	zassert_ok(push(&steady_1), "%s", reason);
	first = zephyr_wasm_find("steady");
	zassert_not_null(first);
	zassert_ok(zephyr_wasm_start(first->image, &second));
	zassert_equal(command(READ, ZEPHYR_WASM_SMP_INFO, "steady"), MGMT_ERR_EINVAL);
	zassert_equal(command(READ, ZEPHYR_WASM_SMP_LOGS, "steady"), MGMT_ERR_EINVAL);
	zassert_equal(command(WRITE, ZEPHYR_WASM_SMP_STOP, "steady"), MGMT_ERR_EINVAL);
	zassert_not_null(strstr(reason, "2 apps \"steady\" are loaded: say which"), "%s", reason);
	zassert_equal(command(WRITE, ZEPHYR_WASM_SMP_STOP, "other#0"), MGMT_ERR_ENOENT);
	zephyr_wasm_name_of(second, name, sizeof(name));
	zassert_ok(command(READ, ZEPHYR_WASM_SMP_INFO, name), "%s: %s", name, reason);
	zassert_ok(command(WRITE, ZEPHYR_WASM_SMP_STOP, name), "%s: %s", name, reason);
	zassert_ok(zephyr_wasm_status(second, &status));
	zassert_equal(status.state, ZEPHYR_WASM_STATE_ENDED);
	zassert_ok(zephyr_wasm_status(first, &status));
	zassert_not_equal(status.state, ZEPHYR_WASM_STATE_ENDED);
	zassert_ok(zephyr_wasm_release(second));
	zassert_ok(command(WRITE, ZEPHYR_WASM_SMP_STOP, "steady"), "%s", reason);
}

ZTEST(store, test_smp_takes_a_request_to_revoke_a_key)
{
	/* As of `zephyr-wasm revoke`; revoke.c has good ones. */
	static const uint8_t nothing[ZEPHYR_WASM_REVOCATION_SIZE];
	uint8_t body[ZEPHYR_WASM_REVOCATION_SIZE + 20];

	for (size_t size = sizeof(nothing) - 1; size <= sizeof(nothing); size++) {
		ZCBOR_STATE_E(zse, 2, body, sizeof(body), 0);
		zassert_true(zcbor_map_start_encode(zse, 1) && zcbor_tstr_put_lit(zse, "request") &&
			     zcbor_bstr_encode_ptr(zse, (const char *)nothing, size) &&
			     zcbor_map_end_encode(zse, 1));
		send(WRITE, ZEPHYR_WASM_SMP_REVOKE, body, zse->payload - body);
		decode();
		zassert_equal(code,
			      size < sizeof(nothing) ? MGMT_ERR_EINVAL : MGMT_ERR_EACCESSDENIED,
			      "%d: %s", code, reason);
	}
}

ZTEST(store, test_smp_uploads_may_stumble)
{
	/* Twice the same, one too early, and one of another app. */
	zassert_ok(part(&steady_1, 0, 200));
	zassert_equal(offset, 200);
	zassert_ok(part(&steady_1, 0, 200));
	zassert_equal(offset, 200);
	zassert_ok(part(&steady_1, 500, 100));
	zassert_equal(offset, 200);
	zassert_equal(part(&other_1, 0, 100), MGMT_ERR_EBUSY);
	/* The power is lost: the client does not know, and goes on. */
	reboot();
	zassert_ok(part(&steady_1, 200, 100));
	zassert_ok(push(&steady_1), "%s", reason);
	zassert_true(runs("steady"));
	/* Its last part again: the answer was lost. */
	zassert_ok(part(&steady_1, steady_1.size - 50, 50));
	zassert_equal(offset, steady_1.size);
}

/* The first byte of a file of any size, of which nobody has a key; what it answers. */
static int32_t announce(uint32_t size)
{
	uint8_t body[100];

	ZCBOR_STATE_E(zse, 2, body, sizeof(body), 0);
	zassert_true(
		zcbor_map_start_encode(zse, 4) && zcbor_tstr_put_lit(zse, "off") &&
		zcbor_uint32_put(zse, 0) && zcbor_tstr_put_lit(zse, "len") &&
		zcbor_uint32_put(zse, size) && zcbor_tstr_put_lit(zse, "sha") &&
		zcbor_bstr_encode_ptr(zse, (const char *)steady_2.bytes, ZEPHYR_WASM_DIGEST_SIZE) &&
		zcbor_tstr_put_lit(zse, "data") && zcbor_bstr_encode_ptr(zse, "x", 1) &&
		zcbor_map_end_encode(zse, 4));
	send(WRITE, ZEPHYR_WASM_SMP_UPLOAD, body, zse->payload - body);
	decode();
	return code;
}

ZTEST(store, test_smp_gives_up_nothing_for_what_cannot_come)
{
	static const uint32_t sizes[] = {FLASH_FREE, FLASH_FREE + 1, FLASH_SIZE, UINT32_MAX};

	zassert_ok(push(&steady_1), "%s", reason);
	zassert_ok(push(&steady_2), "%s", reason);
	zassert_ok(command(WRITE, ZEPHYR_WASM_SMP_CONFIRM, "steady"));
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		zassert_not_equal(announce(sizes[i]), 0, "%u", (unsigned int)sizes[i]);
		zassert_not_null(strstr(reason, "no room for"), "%s", reason);
	}
	zassert_ok(command(WRITE, ZEPHYR_WASM_SMP_ROLLBACK, "steady"), "%s", reason);
	zassert_equal(version_of("steady"), 10);
}

/* A good request, with something that nobody knows: a list in a list, so many of them. */
static int32_t nested(size_t depth)
{
	/* "name" is behind it. */
	static const uint8_t name[] = {0x64, 'n', 'a', 'm', 'e', 0x61, 'a'};
	uint8_t body[480] = {0xa2, 0x61, 'x'};
	size_t size = 3;

	zassert_true(size + depth + 1 + sizeof(name) <= sizeof(body));
	memset(&body[size], 0x81, depth);
	size += depth;
	body[size++] = 0;
	memcpy(&body[size], name, sizeof(name));
	send(READ, ZEPHYR_WASM_SMP_FAILURE, body, size + sizeof(name));
	decode();
	return code;
}

/* A list of lists in lists, and before that of bytes whose length has nothing in its last 32 bits.
 */
static int32_t nested_behind_nothing(size_t depth)
{
	static const uint8_t nothing[] = {0x82, 0x5b, 0, 0, 0, 1, 0, 0, 0, 0};
	uint8_t body[480] = {0xa1, 0x61, 'x'};
	size_t size = 3 + sizeof(nothing);

	zassert_true(size + depth + 1 <= sizeof(body));
	memcpy(&body[3], nothing, sizeof(nothing));
	memset(&body[size], 0x81, depth);
	send(READ, ZEPHYR_WASM_SMP_FAILURE, body, size + depth + 1);
	decode();
	return code;
}

/* Each would take some of the stack. */
ZTEST(store, test_smp_does_not_follow_lists_in_lists)
{
	zassert_ok(nested(0), "%s", reason);
	zassert_ok(nested(3), "%s", reason);
	zassert_equal(nested(60), MGMT_ERR_EINVAL, "%d", code);
	zassert_equal(nested(460), MGMT_ERR_EINVAL, "%d", code);
	zassert_equal(nested_behind_nothing(460), MGMT_ERR_EINVAL, "%d", code);
	zassert_ok(nested(1), "%s", reason);
}

/* Something that a client could have said, with some of it wrong. */
static size_t distort(uint8_t *body, size_t room)
{
	static const char *const keys[] = {"name", "off",   "len",   "sha",
					   "data", "index", "start", "request"};
	size_t count = pick(6);

	ZCBOR_STATE_E(zse, 2, body, room, 0);
	(void)zcbor_map_start_encode(zse, count);
	for (size_t i = 0; i < count; i++) {
		(void)zcbor_tstr_put_term(zse, keys[pick(ARRAY_SIZE(keys))], 10);
		switch (pick(5)) {
		case 0:
			(void)zcbor_uint32_put(zse, pick(2) ? pick(UINT32_MAX) : pick(40));
			break;
		case 1:
			(void)zcbor_bstr_encode_ptr(zse, (const char *)steady_2.bytes, pick(70));
			break;
		case 2:
			(void)zcbor_tstr_encode_ptr(zse, "nobody at all, and that for longer",
						    pick(35));
			break;
		case 3:
			(void)zcbor_bool_put(zse, pick(2));
			break;
		default:
			(void)zcbor_bstr_encode_ptr(zse, (const char *)steady_2.bytes, 32);
			break;
		}
	}
	(void)zcbor_map_end_encode(zse, count);
	for (size_t i = pick(4); i > 1; i--) {
		body[pick(room)] = pick(256);
	}
	return pick(4) == 0 ? pick(room) : zse->payload - body;
}

int32_t smp_once(void)
{
	static uint8_t body[300];
	size_t size;

	if (pick(20) == 19) {
		return nested(pick(460));
	}
	if (pick(8) == 7) {
		/* What no client would say. */
		size = pick(sizeof(body));
		for (size_t i = 0; i < size; i++) {
			body[i] = pick(256);
		}
	} else {
		size = distort(body, sizeof(body));
	}
	send(pick(2) ? READ : WRITE, pick(ZEPHYR_WASM_SMP_COMMANDS + 1), body, size);
	decode();
	return code;
}

ZTEST(store, test_smp_answers_whatever_it_is_asked)
{
	int good = 0;

	numbers_begin(12345);
	run(&other_1);
	for (int i = 0; i < CONFIG_TEST_SMP_REQUESTS; i++) {
		good += smp_once() == 0;
	}
	TC_PRINT("%d of %d requests were good\n", good, CONFIG_TEST_SMP_REQUESTS);
	zassert_true(good > 0);
	zassert_true(runs("other"));
	k_sleep(K_MSEC(1100));
	run(&steady_1);
}
