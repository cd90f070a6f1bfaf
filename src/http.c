/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * zephyr:http over Zephyr's HTTP client.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/net/http/client.h>

#include "net.h"
#include "pool.h"
#include "rust.h"

struct exchange {
	zephyr_wasm_owner_t owner;
	/* One more than the descriptor, so that an empty slot has none. */
	int fd_plus_one;
	struct http_request request;
	uint16_t status;
	/* How much of the body there is, and whether it did not fit. */
	size_t size;
	bool is_too_large;
	bool is_whole;
	uint8_t received[256];
	uint8_t body[CONFIG_WASM_HTTP_SIZE];
};

static void hang_up(struct exchange *exchange)
{
	int fd = exchange->fd_plus_one - 1;

	/* First, or a kill would wake whoever has the descriptor by then. */
	exchange->fd_plus_one = 0;
	if (fd >= 0) {
		zephyr_wasm_net_close(fd);
	}
}

static void close_exchange(void *slot)
{
	hang_up(slot);
}

/* The client then returns, as if the server had hung up; Zephyr ends the receiving side only. */
static void wake(void *slot)
{
	struct exchange *exchange = slot;

	if (exchange->fd_plus_one > 0) {
		(void)zsock_shutdown(exchange->fd_plus_one - 1, ZSOCK_SHUT_RD);
	}
}

ZEPHYR_WASM_POOL_DEFINE_KIND(exchanges, struct exchange, CONFIG_WASM_HTTP_REQUESTS, NULL,
			     close_exchange, wake, ZEPHYR_WASM_POOL_OF_CALLS);

static int on_response(struct http_response *response, enum http_final_call final, void *user_data)
{
	struct exchange *exchange = user_data;
	size_t room = sizeof(exchange->body) - exchange->size;

	exchange->status = response->http_status_code;
	exchange->is_whole = final == HTTP_DATA_FINAL;
	if (response->body_found && response->body_frag_start != NULL) {
		exchange->is_too_large |= response->body_frag_len > room;
		room = MIN(room, response->body_frag_len);
		memcpy(&exchange->body[exchange->size], response->body_frag_start, room);
		exchange->size += room;
	}
	return 0;
}

/* Ends what the calling app has not taken: it has one at a time, so that all have one. */
static void end_own(void)
{
	zephyr_wasm_owner_t owner = zephyr_wasm_current();

	for (size_t i = 0; i < ARRAY_SIZE(exchanges_slots); i++) {
		if (owner != NULL && exchanges_slots[i].owner == owner) {
			zephyr_wasm_pool_give(&exchanges, i);
		}
	}
}

/* Connects to the first of the host's addresses that takes it. */
static int32_t connect_to(struct exchange *exchange, const char *host, const char *port)
{
	const struct zsock_addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct zsock_addrinfo *addresses = NULL;
	int32_t result = FAILURE_NO_NAME;
	int fd;

	if (zephyr_wasm_net_look_up(host, port, &hints, &addresses) != 0) {
		return FAILURE_NO_NAME;
	}
	for (struct zsock_addrinfo *at = addresses; at != NULL && result != 0; at = at->ai_next) {
		fd = zsock_socket(at->ai_family, SOCK_STREAM, IPPROTO_TCP);
		result = fd < 0 ? zephyr_wasm_net_failure(errno) : 0;
		exchange->fd_plus_one = fd + 1;
		if (fd >= 0) {
			zephyr_wasm_net_own(fd);
		}
		if (result == 0 && zsock_connect(fd, at->ai_addr, at->ai_addrlen) < 0) {
			result = zephyr_wasm_net_failure(errno);
			hang_up(exchange);
		}
	}
	zsock_freeaddrinfo(addresses);
	return result;
}

enum part {
	URL,
	HOST,
	PORT,
	PATH,
	HEADERS,
	PARTS,
};

/* Whether a text is these parts, each with a zero at its end. */
static bool split(const char *text, size_t length, const char *parts[PARTS])
{
	const char *end = text + length;

	for (size_t i = 0; i < PARTS; i++) {
		const char *zero = memchr(text, '\0', end - text);

		if (zero == NULL) {
			return false;
		}
		parts[i] = text;
		text = zero + 1;
	}
	return text == end;
}

#ifdef CONFIG_WASM_USERSPACE
/* What is granted is the URL, and what is asked are its parts, once. */
bool zephyr_wasm_http_may_fetch(uint32_t method, const char *text, size_t length,
				const uint8_t *body, size_t size, uint32_t milliseconds)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_current()->image;
	const char *parts[PARTS];

	ARG_UNUSED(method);
	ARG_UNUSED(body);
	ARG_UNUSED(size);
	ARG_UNUSED(milliseconds);
	return split(text, length, parts) &&
	       zephyr_wasm_rs_granted_request(image->wasm, image->size, "zephyr:http request",
					      parts);
}
#endif

/**
 * Makes a request. The text is of the URL, and its host, port and path by themselves, and the
 * headers, each with a zero at its end, and each header with the end of its line.
 *
 * Returns the number of the exchange, whose answer zephyr_wasm_http_take() takes.
 */
int32_t zephyr_wasm_http_fetch(uint32_t method, const char *text, size_t length,
			       const uint8_t *body, size_t size, uint32_t milliseconds)
{
	/* In the order of wit/http.wit. */
	static const enum http_method methods[] = {HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT,
						   HTTP_DELETE};
	const char *parts[PARTS];
	const char *header_fields[] = {NULL, NULL};
	struct exchange *exchange;
	int32_t number, result;
	int done;

	if (size > CONFIG_WASM_HTTP_SIZE) {
		return FAILURE_TOO_LARGE;
	}
	if (method >= ARRAY_SIZE(methods) || !split(text, length, parts)) {
		return FAILURE_INVALID;
	}
	header_fields[0] = parts[HEADERS];
	end_own();
	number = zephyr_wasm_pool_take(&exchanges);
	if (number < 0) {
		return number;
	}
	exchange = zephyr_wasm_pool_slot(&exchanges, number);
	exchange->request = (struct http_request){
		.method = methods[method],
		.url = parts[PATH],
		.host = parts[HOST],
		.port = parts[PORT],
		.protocol = "HTTP/1.1",
		.header_fields = parts[HEADERS][0] == '\0' ? NULL : header_fields,
		.response = on_response,
		.recv_buf = exchange->received,
		.recv_buf_len = sizeof(exchange->received),
		.payload = size > 0 ? (const char *)body : NULL,
		.payload_len = size,
	};
	zephyr_wasm_net_pace();
	result = zephyr_wasm_net_wait_for_room(sys_timepoint_calc(K_MSEC(milliseconds)));
	if (result == 0) {
		result = connect_to(exchange, parts[HOST], parts[PORT]);
	}
	/* A kill that came before there was a connection had nothing to shut; from here on it has.
	 */
	zephyr_wasm_let_kill_come();
	if (result == 0) {
		done = http_client_req(exchange->fd_plus_one - 1, &exchange->request,
				       (int32_t)MIN(milliseconds, INT32_MAX), exchange);
		if (done == -ETIMEDOUT) {
			result = FAILURE_TIMEOUT;
		} else if (exchange->is_too_large) {
			result = FAILURE_TOO_LARGE;
		} else if (done < 0) {
			result = zephyr_wasm_net_failure(-done);
		} else if (exchange->status == 0 || !exchange->is_whole) {
			result = FAILURE_PROTOCOL;
		}
	}
	/* What else the server sends is for nobody. */
	hang_up(exchange);
	if (result != 0) {
		zephyr_wasm_pool_give(&exchanges, number);
	}
	return result != 0 ? result : number;
}

/** The size of an exchange's answer. */
uint32_t zephyr_wasm_http_size(uint32_t number)
{
	const struct exchange *exchange = zephyr_wasm_pool_slot(&exchanges, number);

	return exchange->size;
}

/** Copies the answer, ends the exchange, and returns the status. */
uint32_t zephyr_wasm_http_take(uint32_t number, uint8_t *body, size_t room)
{
	const struct exchange *exchange = zephyr_wasm_pool_slot(&exchanges, number);
	uint32_t status = exchange->status;

	memcpy(body, exchange->body, MIN(room, exchange->size));
	zephyr_wasm_pool_give(&exchanges, number);
	return status;
}
