/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:coap, requests of apps to servers. This file has the sockets and timeouts of
 * requests. The protocol itself is behind coap.h.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/net/coap.h>
#include <zephyr/random/random.h>

#include "coap.h"
#include "core/app.h"
#include "core/mark.h"
#include "core/pool.h"
#include "core/text.h"
#include "core/thread.h"
#include "core/timing.h"
#include "core/wall.h"
#include "net/net.h"
#include "zephyr_wasm_declared.h"

struct asking {
	zephyr_wasm_owner_t owner;
	int fd_plus_one;
	struct zephyr_wasm_coap_ask ask;
	struct zephyr_wasm_coap_request request;
	struct zephyr_wasm_coap_reply reply;
	char path[ZEPHYR_WASM_COAP_PATH_SIZE];
	uint8_t sent[ZEPHYR_WASM_COAP_HEAD + ZEPHYR_WASM_COAP_BLOCK];
	uint8_t received[ZEPHYR_WASM_COAP_HEAD + ZEPHYR_WASM_COAP_BLOCK];
};

static void close_asking(void *slot)
{
	struct asking *asking = slot;

	if (asking->fd_plus_one > 0) {
		zephyr_wasm_net_close(asking->fd_plus_one - 1);
	}
}

ZEPHYR_WASM_POOL_DEFINE_KIND(askings, struct asking, CONFIG_WASM_COAP_REQUEST_COUNT, NULL,
			     close_asking, NULL, ZEPHYR_WASM_POOL_OF_CALLS);

/* Receives a datagram, and passes it to the protocol. Returns what zephyr_wasm_rs_coap_read()
 * returns. */
static int32_t take_in(struct asking *asking, uint8_t *body)
{
	int fd = asking->fd_plus_one - 1;
	ssize_t size = zephyr_wasm_net_receive(fd, asking->received, sizeof(asking->received),
					       ZSOCK_MSG_TRUNC, NULL, NULL);
	int32_t next;

	if (size < 0) {
		return FAILURE_IO;
	}
	next = zephyr_wasm_rs_coap_read(&asking->ask, &asking->request, asking->received,
					MIN((size_t)size, sizeof(asking->received)),
					size > sizeof(asking->received), body, &asking->reply);
	if (asking->reply.size > 0) {
		(void)zephyr_wasm_net_send(fd, asking->reply.bytes, asking->reply.size,
					   asking->reply.size, NULL, 0);
	}
	return next;
}

/* Waits until an answer requires an action. Returns FAILURE_TIMEOUT if none does before @p until,
 * however many other datagrams arrive. */
static int32_t wait_for_answer(struct asking *asking, k_timepoint_t until, bool *is_there,
			       uint8_t *body)
{
	struct zsock_pollfd polled = {.fd = asking->fd_plus_one - 1, .events = ZSOCK_POLLIN};
	int32_t next;

	do {
		next = zephyr_wasm_net_poll(&polled, 1, until);
		if (next > 0) {
			next = take_in(asking, body);
		}
		*is_there |= next == ZEPHYR_WASM_COAP_LISTEN;
		if (next != ZEPHYR_WASM_COAP_LISTEN && next != ZEPHYR_WASM_COAP_WAIT) {
			return next;
		}
	} while (!sys_timepoint_expired(until) && !zephyr_wasm_is_asked());
	return FAILURE_TIMEOUT;
}

/* Sends a message, again if necessary, until an answer requires an action (RFC 7252, section 4.2).
 */
static int32_t exchange_messages(struct asking *asking, size_t size,
				 const union zephyr_wasm_sockaddr *peer, k_timepoint_t deadline,
				 uint8_t *body)
{
	const struct coap_packet packet = {.data = asking->sent, .offset = size, .max_len = size};
	struct coap_pending pending;
	bool is_there = false;
	k_timepoint_t until;
	int32_t next;

	if (coap_pending_init(&pending, &packet, &peer->any, NULL) != 0) {
		return FAILURE_INVALID;
	}
	while (coap_pending_cycle(&pending) || is_there) {
		/* A failure counts as if the network had lost the message, which is sent again. */
		if (!is_there) {
			(void)zephyr_wasm_net_send(asking->fd_plus_one - 1, asking->sent, size,
						   size, NULL, 0);
		}
		until = sys_timepoint_calc(K_MSEC(pending.timeout));
		/* RFC 7252, section 5.2.2: a server that has acknowledged the request may take its
		 * time. */
		if (is_there || sys_timepoint_cmp(deadline, until) < 0) {
			until = deadline;
		}
		next = wait_for_answer(asking, until, &is_there, body);
		if (next != FAILURE_TIMEOUT || sys_timepoint_expired(deadline) ||
		    zephyr_wasm_is_asked()) {
			return next;
		}
	}
	return FAILURE_TIMEOUT;
}

/* Exchanges all messages of a request. Returns the size of the answer. */
static int32_t exchange_blocks(struct asking *asking, const union zephyr_wasm_sockaddr *peer,
			       k_timepoint_t deadline, uint8_t *body)
{
	int32_t next;
	size_t size;

	do {
		zephyr_wasm_net_pace();
		size = zephyr_wasm_rs_coap_write(&asking->ask, &asking->request, asking->sent,
						 sizeof(asking->sent));
		next = size == 0 ? FAILURE_TOO_LARGE
				 : exchange_messages(asking, size, peer, deadline, body);
	} while (next == ZEPHYR_WASM_COAP_SEND);
	return next;
}

static int32_t open_socket(struct asking *asking, const union zephyr_wasm_sockaddr *peer,
			   net_socklen_t length)
{
	int fd = zephyr_wasm_net_socket(peer->any.sa_family, NET_SOCK_DGRAM, NET_IPPROTO_UDP);

	asking->fd_plus_one = fd + 1;
	if (fd < 0 || zsock_connect(fd, &peer->any, length) < 0) {
		return zephyr_wasm_net_failure(errno);
	}
	return 0;
}

#ifdef CONFIG_WASM_USERSPACE
bool zephyr_wasm_coap_may_ask(const struct zephyr_wasm_address *server, uint32_t method,
			      const char *path, size_t length, const uint8_t *payload, size_t size,
			      uint64_t deadline, uint32_t *code, uint8_t *body)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_current()->image;

	ARG_UNUSED(method);
	ARG_UNUSED(payload);
	ARG_UNUSED(size);
	ARG_UNUSED(deadline);
	ARG_UNUSED(code);
	ARG_UNUSED(body);
	return length < ZEPHYR_WASM_COAP_PATH_SIZE && memchr(path, '\0', length) == NULL &&
	       zephyr_wasm_rs_granted_peer(image->wasm, image->size, "zephyr:coap request", "",
					   NULL, server);
}
#endif

/** Sends a request to a server. Returns the size of the answer's payload. */
int32_t zephyr_wasm_coap_ask(const struct zephyr_wasm_address *server, uint32_t method,
			     const char *path, size_t length, const uint8_t *payload, size_t size,
			     uint64_t deadline, uint32_t *code, uint8_t *body)
{
	k_timepoint_t until = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(deadline));
	int32_t number = zephyr_wasm_pool_take(&askings);
	union zephyr_wasm_sockaddr peer;
	struct asking *asking;
	net_socklen_t peer_length;
	uint8_t chance[10];
	int32_t result;

	if (number < 0) {
		return number;
	}
	asking = zephyr_wasm_pool_slot(&askings, number);
	peer_length = zephyr_wasm_to_sockaddr(server, &peer);
	if (!zephyr_wasm_copy_text(asking->path, sizeof(asking->path), path, length) ||
	    !zephyr_wasm_holds(method >= COAP_METHOD_GET && method <= COAP_METHOD_DELETE)) {
		result = FAILURE_INVALID;
	} else if (size > CONFIG_WASM_COAP_SIZE) {
		result = FAILURE_TOO_LARGE;
	} else {
		result = open_socket(asking, &peer, peer_length);
	}
	if (result == 0) {
		asking->request = (struct zephyr_wasm_coap_request){
			.path = (const uint8_t *)asking->path,
			.payload = payload,
			.path_size = length,
			.payload_size = size,
			.block = ZEPHYR_WASM_COAP_BLOCK,
			.body = CONFIG_WASM_COAP_SIZE,
		};
		zephyr_wasm_hurry_current();
		sys_rand_get(chance, sizeof(chance));
		zephyr_wasm_rs_coap_ask(&asking->ask, (uint8_t)method, ZEPHYR_WASM_COAP_BLOCK,
					chance);
		result = exchange_blocks(asking, &peer, until, body);
		*code = asking->reply.code;
	}
	zephyr_wasm_pool_give(&askings, number);
	return result;
}
