/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:http, by Zephyr's sockets and HTTP parser.
 *
 * Zephyr's HTTP client is not used. It waits where no kill can come, for example for a server that
 * accepts a byte at a time. And it never returns if a server sends the end of a line and closes the
 * connection.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/net/http/parser.h>
#include <zephyr/sys/printk.h>

#include "core/app.h"
#include "core/pool.h"
#include "core/thread.h"
#include "net/net.h"
#include "zephyr_wasm_declared.h"

struct exchange {
	zephyr_wasm_owner_t owner;
	/* One more than the descriptor, so that an empty slot has none. */
	int fd_plus_one;
	struct http_parser parser;
	enum http_method method;
	uint16_t status;
	/* The size of the body so far, and whether it did not fit. */
	size_t size;
	bool is_too_large;
	bool is_whole;
	/* A buffer for data to the server, and then for data from it. */
	uint8_t passing[256];
	uint8_t body[CONFIG_WASM_HTTP_SIZE];
};

static void hang_up(struct exchange *exchange)
{
	int fd = exchange->fd_plus_one - 1;

	exchange->fd_plus_one = 0;
	if (fd >= 0) {
		zephyr_wasm_net_close(fd);
	}
}

static void close_exchange(void *slot)
{
	hang_up(slot);
}

ZEPHYR_WASM_POOL_DEFINE_KIND(exchanges, struct exchange, CONFIG_WASM_HTTP_REQUEST_COUNT, NULL,
			     close_exchange, NULL, ZEPHYR_WASM_POOL_OF_CALLS);

static int on_headers(struct http_parser *parser)
{
	struct exchange *exchange = parser->data;

	exchange->status = parser->status_code;
	/* Returns true if what follows the headers is not part of the answer. An answer to HEAD has
	 * no body, whatever its headers say. */
	return exchange->method == HTTP_HEAD || parser->status_code == 101 ||
	       IN_RANGE(parser->status_code, 500, 599);
}

static int on_body(struct http_parser *parser, const char *bytes, size_t size)
{
	struct exchange *exchange = parser->data;
	size_t room = sizeof(exchange->body) - exchange->size;

	exchange->is_too_large |= size > room;
	size = MIN(size, room);
	memcpy(&exchange->body[exchange->size], bytes, size);
	exchange->size += size;
	return 0;
}

static int on_end(struct http_parser *parser)
{
	struct exchange *exchange = parser->data;

	exchange->is_whole = true;
	/* Data after the end would be another answer. */
	http_parser_pause(parser, 1);
	return 0;
}

static const struct http_parser_settings settings = {
	.on_headers_complete = on_headers,
	.on_body = on_body,
	.on_message_complete = on_end,
};

/* Ends an exchange whose answer the calling app has not taken. An app has one exchange at a time,
 * so that each app can have one. */
static void end_own(void)
{
	zephyr_wasm_owner_t owner = zephyr_wasm_current();

	for (size_t i = 0; i < ARRAY_SIZE(exchanges_slots); i++) {
		if (owner != NULL && exchanges_slots[i].owner == owner) {
			zephyr_wasm_pool_give(&exchanges, i);
		}
	}
}

static int32_t connect_to_one(struct exchange *exchange, const struct zephyr_wasm_address *address)
{
	k_timepoint_t until = sys_timepoint_calc(K_MSEC(CONFIG_NET_SOCKETS_CONNECT_TIMEOUT));
	int family = address->is_ipv6 ? NET_AF_INET6 : NET_AF_INET;
	int fd;

	while ((fd = zephyr_wasm_net_socket(family, NET_SOCK_STREAM, NET_IPPROTO_TCP)) < 0) {
		/* Connections of earlier requests are given up after a while, so this waits. */
		if (errno != ENFILE || zephyr_wasm_net_wait_for_room(until) < 0) {
			return zephyr_wasm_net_failure(errno);
		}
	}
	exchange->fd_plus_one = fd + 1;
	return zephyr_wasm_net_connect(fd, address, until);
}

/* The most addresses of a host that are tried. */
#define MOST_ADDRESSES 4

/* Connects to the first of the host's addresses that takes it. */
static int32_t connect_to(struct exchange *exchange, const char *host, const char *port)
{
	const struct zsock_addrinfo hints = {.ai_socktype = NET_SOCK_STREAM};
	struct zephyr_wasm_address found[MOST_ADDRESSES];
	struct zsock_addrinfo *first = NULL;
	int32_t result = FAILURE_NO_NAME;
	size_t count = 0;

	if (zephyr_wasm_net_look_up(host, port, &hints, &first) != 0) {
		return FAILURE_NO_NAME;
	}
	/* Copied, because a kill while it connects would leak the list. */
	for (const struct zsock_addrinfo *at = first; at != NULL && count < ARRAY_SIZE(found);
	     at = at->ai_next) {
		zephyr_wasm_from_sockaddr((const union zephyr_wasm_sockaddr *)at->ai_addr,
					  &found[count++]);
	}
	zsock_freeaddrinfo(first);
	for (size_t i = 0; i < count && result != 0; i++) {
		close_exchange(exchange);
		result = connect_to_one(exchange, &found[i]);
	}
	return result;
}

/* Sends all bytes. In between, waits for the server to accept data, and for room in the buffers. */
static int32_t send_all(const struct exchange *exchange, const uint8_t *bytes, size_t size,
			k_timepoint_t until)
{
	int fd = exchange->fd_plus_one - 1;
	bool was_ready = false;

	while (size > 0) {
		ssize_t sent = zephyr_wasm_net_send(fd, bytes, 1, size, NULL, 0);
		int32_t result = zephyr_wasm_net_outcome(sent);

		/* If bytes were sent, the socket was ready. */
		was_ready &= sent < 0;
		if (result == FAILURE_TIMEOUT) {
			result = zephyr_wasm_net_wait(fd, ZSOCK_POLLOUT, until, &was_ready);
		} else if (result == FAILURE_LIMIT) {
			result = zephyr_wasm_net_wait_for_room(until);
		}
		if (result < 0) {
			return result;
		}
		bytes += MAX(sent, 0);
		size -= MAX(sent, 0);
		/* A server that takes little at a time does not prolong the timeout. */
		if (size > 0 && sys_timepoint_expired(until)) {
			return FAILURE_TIMEOUT;
		}
	}
	return 0;
}

/* Appends a text to the buffer, and sends the buffer when it is full. */
static int32_t put(struct exchange *exchange, size_t *used, const char *text, k_timepoint_t until)
{
	size_t left = strlen(text);
	int32_t result = 0;

	while (left > 0 && result == 0) {
		size_t size = MIN(left, sizeof(exchange->passing) - *used);

		memcpy(&exchange->passing[*used], text, size);
		*used += size;
		text += size;
		left -= size;
		if (*used == sizeof(exchange->passing)) {
			result = send_all(exchange, exchange->passing, *used, until);
			*used = 0;
		}
	}
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

/* Splits a text into its parts, each of which has a zero at its end. Returns false if there are
 * more or fewer parts. */
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
/* The grant is for the whole URL, and the request is made from its parts. This checks that they
 * agree. */
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

static int32_t send_request(struct exchange *exchange, const char *const parts[PARTS],
			    const uint8_t *body, size_t size, k_timepoint_t until)
{
	char length[sizeof("Content-Length: 4294967295\r\n")] = "";
	/* An address of IPv6: without brackets, its end could be the port. */
	bool has_brackets = strchr(parts[HOST], ':') != NULL;
	const char *const texts[] = {
		http_method_str(exchange->method),
		" ",
		parts[PATH],
		" HTTP/1.1\r\nHost: ",
		has_brackets ? "[" : "",
		parts[HOST],
		has_brackets ? "]:" : ":",
		parts[PORT],
		"\r\n",
		parts[HEADERS],
		length,
		"\r\n",
	};
	int32_t result = 0;
	size_t used = 0;

	if (size > 0) {
		(void)snprintk(length, sizeof(length), "Content-Length: %u\r\n",
			       (unsigned int)size);
	}
	for (size_t i = 0; i < ARRAY_SIZE(texts) && result == 0; i++) {
		result = put(exchange, &used, texts[i], until);
	}
	if (result == 0) {
		result = send_all(exchange, exchange->passing, used, until);
	}
	return result == 0 ? send_all(exchange, body, size, until) : result;
}

static int32_t receive_answer(struct exchange *exchange, k_timepoint_t until)
{
	struct zsock_pollfd polled = {.fd = exchange->fd_plus_one - 1, .events = ZSOCK_POLLIN};

	exchange->parser.data = exchange;
	http_parser_init(&exchange->parser, HTTP_RESPONSE);
	while (true) {
		/* Polls even if data is there already, because a kill can come while this waits. */
		int32_t result = zephyr_wasm_net_poll(&polled, 1, until);
		ssize_t received;

		if (result < 0) {
			return result;
		}
		received = zephyr_wasm_net_receive(polled.fd, exchange->passing,
						   sizeof(exchange->passing), 0, NULL, NULL);
		result = zephyr_wasm_net_outcome(received);
		if (result < 0 && result != FAILURE_TIMEOUT) {
			return result;
		}
		if (result == 0) {
			/* The end of the connection may be the end of the answer. */
			(void)http_parser_execute(&exchange->parser, &settings,
						  (const char *)exchange->passing, received);
		}
		if (exchange->is_too_large) {
			return FAILURE_TOO_LARGE;
		}
		if (exchange->is_whole) {
			return exchange->status == 0 ? FAILURE_PROTOCOL : 0;
		}
		if (received == 0) {
			return exchange->status == 0 ? FAILURE_PROTOCOL : FAILURE_RESET;
		}
		if (exchange->parser.http_errno != HPE_OK) {
			return FAILURE_PROTOCOL;
		}
		/* A server that goes on sending does not prolong the timeout. */
		if (sys_timepoint_expired(until)) {
			return FAILURE_TIMEOUT;
		}
	}
}

/**
 * Makes a request. @p text contains the URL, its host, port and path, and the headers. Each of them
 * has a zero at its end, and each header the end of its line.
 *
 * Returns the number of the exchange, whose answer zephyr_wasm_http_take() takes, or a failure.
 */
int32_t zephyr_wasm_http_fetch(uint32_t method, const char *text, size_t length,
			       const uint8_t *body, size_t size, uint32_t milliseconds)
{
	/* In the order of wit/http.wit. */
	static const enum http_method methods[] = {HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT,
						   HTTP_DELETE};
	const char *parts[PARTS];
	struct exchange *exchange;
	int32_t number, result;
	k_timepoint_t until;

	if (size > CONFIG_WASM_HTTP_SIZE) {
		return FAILURE_TOO_LARGE;
	}
	if (method >= ARRAY_SIZE(methods) || !split(text, length, parts)) {
		return FAILURE_INVALID;
	}
	end_own();
	number = zephyr_wasm_pool_take(&exchanges);
	if (number < 0) {
		return number;
	}
	exchange = zephyr_wasm_pool_slot(&exchanges, number);
	exchange->method = methods[method];
	zephyr_wasm_net_pace();
	result = connect_to(exchange, parts[HOST], parts[PORT]);
	until = sys_timepoint_calc(K_MSEC((int32_t)MIN(milliseconds, INT32_MAX)));
	if (result == 0) {
		result = send_request(exchange, parts, body, size, until);
	}
	if (result == 0) {
		result = receive_answer(exchange, until);
	}
	/* The answer is in memory. Nothing else that the server sends is read. */
	hang_up(exchange);
	if (result != 0) {
		zephyr_wasm_pool_give(&exchanges, number);
	}
	return result != 0 ? result : number;
}

/** Returns the size of an exchange's answer. */
uint32_t zephyr_wasm_http_size(uint32_t number)
{
	const struct exchange *exchange = zephyr_wasm_pool_slot(&exchanges, number);

	return exchange->size;
}

/** Copies the answer, and ends the exchange. Returns the HTTP status. */
uint32_t zephyr_wasm_http_take(uint32_t number, uint8_t *body, size_t room)
{
	const struct exchange *exchange = zephyr_wasm_pool_slot(&exchanges, number);
	uint32_t status = exchange->status;

	memcpy(body, exchange->body, MIN(room, exchange->size));
	zephyr_wasm_pool_give(&exchanges, number);
	return status;
}
