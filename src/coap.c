/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * zephyr:coap: paths under a CoAP service of Zephyr's, whose requests wait for an app's answer, and
 * requests over Zephyr's CoAP packets.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/net/coap.h>
#include <zephyr/net/coap_service.h>
#include <zephyr/random/random.h>

#include <zephyr_wasm/coap.h>

#include "net.h"
#include "pool.h"
#include "rust.h"

/* A header, a token, and the options of a path. */
#define HEAD_SIZE (4 + COAP_TOKEN_MAX_LEN + ZEPHYR_WASM_COAP_PATH_SIZE + 16)
#define SEGMENTS  8

enum state {
	STATE_FREE,
	/* For the app to take. */
	STATE_WAITING,
	/* For the app to answer. */
	STATE_TAKEN,
};

struct incoming {
	enum state state;
	uint32_t id;
	const struct coap_resource *resource;
	union zephyr_wasm_sockaddr peer;
	socklen_t peer_length;
	uint8_t type;
	uint8_t method;
	uint16_t message_id;
	uint8_t token[COAP_TOKEN_MAX_LEN];
	uint8_t token_length;
	uint16_t size;
	char path[ZEPHYR_WASM_COAP_PATH_SIZE];
	uint8_t payload[CONFIG_WASM_COAP_SIZE];
};

struct served {
	zephyr_wasm_owner_t owner;
	uint8_t capacity;
	struct k_sem arrived;
	/* Empty until it serves. */
	char path[ZEPHYR_WASM_COAP_PATH_SIZE];
	struct incoming requests[CONFIG_WASM_COAP_CAPACITY];
};

ZEPHYR_WASM_WAKER(wake_served, struct served, arrived)

ZEPHYR_WASM_OPENER(open_served, struct served, arrived, CONFIG_WASM_COAP_CAPACITY)

ZEPHYR_WASM_POOL_DEFINE_WAKING(resources, struct served, CONFIG_WASM_COAP_RESOURCES, open_served,
			       NULL, wake_served);

#if CONFIG_WASM_COAP_PORT > 0
static uint16_t port = CONFIG_WASM_COAP_PORT;

COAP_SERVICE_DEFINE(zephyr_wasm_coap, NULL, &port, COAP_SERVICE_AUTOSTART);
ZEPHYR_WASM_COAP_RESOURCES(zephyr_wasm_coap);
#endif

/* The path of a request, or false if it does not fit. */
static bool path_of(const struct coap_packet *request, char path[ZEPHYR_WASM_COAP_PATH_SIZE])
{
	struct coap_option segments[SEGMENTS];
	int count = coap_find_options(request, COAP_OPTION_URI_PATH, segments, SEGMENTS);
	size_t used = 0;

	for (int i = 0; i < count; i++) {
		size_t slash = i > 0;

		/* A client's text is one of C's here, too. */
		if (used + slash >= ZEPHYR_WASM_COAP_PATH_SIZE ||
		    !zephyr_wasm_copy_text(&path[used + slash],
					   ZEPHYR_WASM_COAP_PATH_SIZE - used - slash,
					   (const char *)segments[i].value, segments[i].len)) {
			return false;
		}
		if (slash > 0) {
			path[used] = '/';
		}
		used += slash + segments[i].len;
	}
	return count > 0;
}

/* Whether a resource serves a path, and how long its own is; 0 if not. */
static size_t serves(const struct served *served, const char *path)
{
	size_t length = strlen(served->path);

	if (served->owner == NULL || length == 0 || strncmp(path, served->path, length) != 0) {
		return 0;
	}
	return path[length] == '\0' || path[length] == '/' ? length : 0;
}

static struct served *find_served(const char *path)
{
	struct served *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(resources_slots); i++) {
		struct served *served = &resources_slots[i];

		if (serves(served, path) > (found == NULL ? 0 : strlen(found->path))) {
			found = served;
		}
	}
	return found;
}

/* A free place for a request; NULL if there is none, or the request is there already. */
static struct incoming *find_place(struct served *served, uint16_t message_id,
				   const struct sockaddr *peer, socklen_t length, bool *is_known)
{
	struct incoming *free = NULL;

	*is_known = false;
	for (size_t i = 0; i < served->capacity; i++) {
		struct incoming *one = &served->requests[i];

		if (one->state == STATE_FREE) {
			free = one;
		} else if (one->message_id == message_id && one->peer_length == length &&
			   memcmp(&one->peer, peer, length) == 0) {
			*is_known = true;
		}
	}
	return *is_known ? NULL : free;
}

/* On the thread of Zephyr's CoAP server. Returns a code to answer at once, or 0. */
int zephyr_wasm_coap_request(struct coap_resource *resource, struct coap_packet *request,
			     struct sockaddr *peer, socklen_t length)
{
	uint16_t message_id = coap_header_get_id(request);
	static uint32_t last_id;
	struct incoming *place;
	struct served *served;
	const uint8_t *payload;
	char path[ZEPHYR_WASM_COAP_PATH_SIZE];
	bool is_known = false;
	uint16_t size;
	int code = 0;

	payload = coap_packet_get_payload(request, &size);
	size = payload == NULL ? 0 : size;
	if (!path_of(request, path)) {
		return COAP_RESPONSE_CODE_NOT_FOUND;
	}
	if (size > CONFIG_WASM_COAP_SIZE) {
		return COAP_RESPONSE_CODE_REQUEST_TOO_LARGE;
	}
	k_sched_lock();
	served = find_served(path);
	place = served == NULL ? NULL : find_place(served, message_id, peer, length, &is_known);
	if (served == NULL) {
		code = COAP_RESPONSE_CODE_NOT_FOUND;
	} else if (place != NULL) {
		last_id = last_id == UINT32_MAX ? 1 : last_id + 1;
		place->id = last_id;
		place->resource = resource;
		place->peer_length = length;
		memcpy(&place->peer, peer, length);
		place->type = coap_header_get_type(request);
		place->method = coap_header_get_code(request);
		place->message_id = message_id;
		place->token_length = coap_header_get_token(request, place->token);
		strcpy(place->path, path);
		place->size = size;
		if (size > 0) {
			memcpy(place->payload, payload, size);
		}
		place->state = STATE_WAITING;
		k_sem_give(&served->arrived);
	} else if (!is_known) {
		code = COAP_RESPONSE_CODE_SERVICE_UNAVAILABLE;
	}
	k_sched_unlock();
	return code;
}

/** Serves a path, and returns its number. */
int32_t zephyr_wasm_coap_serve(const char *path, size_t length, uint32_t capacity)
{
	char whole[ZEPHYR_WASM_COAP_PATH_SIZE];
	struct served *served;
	bool is_taken = false;
	int32_t number;

	if (capacity == 0 || capacity > CONFIG_WASM_COAP_CAPACITY || length == 0 ||
	    !zephyr_wasm_copy_text(whole, sizeof(whole), path, length)) {
		return FAILURE_INVALID;
	}
	number = zephyr_wasm_pool_take(&resources);
	if (number < 0) {
		return number;
	}
	served = zephyr_wasm_pool_slot(&resources, number);
	served->capacity = capacity;
	k_sched_lock();
	for (size_t i = 0; i < ARRAY_SIZE(resources_slots); i++) {
		is_taken |= resources_slots[i].owner != NULL &&
			    strcmp(resources_slots[i].path, whole) == 0;
	}
	if (!is_taken) {
		strcpy(served->path, whole);
	}
	k_sched_unlock();
	if (is_taken) {
		zephyr_wasm_pool_give(&resources, number);
		return FAILURE_BUSY;
	}
	return number;
}

/** The room that every payload fits. */
uint32_t zephyr_wasm_coap_size(void)
{
	return CONFIG_WASM_COAP_SIZE;
}

/** Waits for a request, and returns the size of its payload. */
int32_t zephyr_wasm_coap_next(uint32_t number, uint64_t timeout, uint32_t *id, uint32_t *method,
			      char path[ZEPHYR_WASM_COAP_PATH_SIZE], uint8_t *payload)
{
	struct served *served = zephyr_wasm_pool_slot(&resources, number);
	k_timepoint_t until = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout));
	int32_t result = FAILURE_TIMEOUT;

	while (true) {
		struct incoming *oldest = NULL;

		k_sched_lock();
		for (size_t i = 0; i < served->capacity; i++) {
			struct incoming *one = &served->requests[i];

			if (one->state == STATE_WAITING &&
			    (oldest == NULL || (int32_t)(one->id - oldest->id) < 0)) {
				oldest = one;
			}
		}
		if (oldest != NULL) {
			oldest->state = STATE_TAKEN;
			*id = oldest->id;
			*method = oldest->method;
			strcpy(path, oldest->path);
			memcpy(payload, oldest->payload, oldest->size);
			result = oldest->size;
		}
		k_sched_unlock();
		if (result >= 0 || zephyr_wasm_gives_up(&served->arrived, until)) {
			return result;
		}
	}
}

/** Answers a request that the app has taken. */
int32_t zephyr_wasm_coap_answer(uint32_t number, uint32_t id, uint32_t code, const uint8_t *payload,
				size_t size)
{
	struct served *served = zephyr_wasm_pool_slot(&resources, number);
	static uint8_t buffer[HEAD_SIZE + CONFIG_WASM_COAP_SIZE];
	static K_MUTEX_DEFINE(lock);
	struct incoming *request = NULL;
	struct coap_packet response;
	bool is_confirmable;
	int result;

	if (size > CONFIG_WASM_COAP_SIZE) {
		return FAILURE_TOO_LARGE;
	}
	for (size_t i = 0; i < served->capacity; i++) {
		if (served->requests[i].state == STATE_TAKEN && served->requests[i].id == id) {
			request = &served->requests[i];
		}
	}
	if (request == NULL) {
		return FAILURE_TIMEOUT;
	}
	is_confirmable = request->type == COAP_TYPE_CON;
	k_mutex_lock(&lock, K_FOREVER);
	result = coap_packet_init(&response, buffer, sizeof(buffer), COAP_VERSION_1,
				  is_confirmable ? COAP_TYPE_ACK : COAP_TYPE_NON_CON,
				  request->token_length, request->token, code,
				  is_confirmable ? request->message_id : coap_next_id());
	if (result == 0 && size > 0) {
		result = coap_packet_append_payload_marker(&response);
	}
	if (result == 0 && size > 0) {
		result = coap_packet_append_payload(&response, payload, size);
	}
	if (result == 0) {
		result = coap_resource_send(request->resource, &response, &request->peer.any,
					    request->peer_length, NULL);
	}
	request->state = STATE_FREE;
	k_mutex_unlock(&lock);
	return result == 0 ? 0 : FAILURE_IO;
}

void zephyr_wasm_coap_end(uint32_t number)
{
	zephyr_wasm_pool_give(&resources, number);
}

struct exchange {
	zephyr_wasm_owner_t owner;
	int fd_plus_one;
	uint8_t token[COAP_TOKEN_MAX_LEN];
	struct coap_pending pending;
	uint8_t sent[HEAD_SIZE + CONFIG_WASM_COAP_SIZE];
	uint8_t received[HEAD_SIZE + CONFIG_WASM_COAP_SIZE];
};

static void close_exchange(void *slot)
{
	struct exchange *exchange = slot;

	if (exchange->fd_plus_one > 0) {
		zephyr_wasm_net_close(exchange->fd_plus_one - 1);
	}
}

ZEPHYR_WASM_POOL_DEFINE_KIND(exchanges, struct exchange, CONFIG_WASM_COAP_REQUESTS, NULL,
			     close_exchange, NULL, ZEPHYR_WASM_POOL_OF_CALLS);

static int build(struct exchange *exchange, struct coap_packet *packet, uint32_t method,
		 const char *path, size_t length, const uint8_t *payload, size_t size)
{
	int result;

	sys_rand_get(exchange->token, sizeof(exchange->token));
	result = coap_packet_init(packet, exchange->sent, sizeof(exchange->sent), COAP_VERSION_1,
				  COAP_TYPE_CON, sizeof(exchange->token), exchange->token, method,
				  coap_next_id());
	while (result == 0 && length > 0) {
		const char *slash = memchr(path, '/', length);
		size_t segment = slash == NULL ? length : (size_t)(slash - path);

		result = coap_packet_append_option(packet, COAP_OPTION_URI_PATH,
						   (const uint8_t *)path, segment);
		segment += slash == NULL ? 0 : 1;
		path += segment;
		length -= segment;
	}
	if (result == 0 && size > 0) {
		result = coap_packet_append_payload_marker(packet);
	}
	if (result == 0 && size > 0) {
		result = coap_packet_append_payload(packet, payload, size);
	}
	return result;
}

/* Whether what was received is the answer; acknowledges it if it wants to be. */
static bool is_answer(struct exchange *exchange, struct coap_packet *packet, ssize_t size,
		      bool *is_acknowledged)
{
	uint8_t token[COAP_TOKEN_MAX_LEN];
	struct coap_packet ack;
	uint8_t buffer[4];

	if (size < 0 || coap_packet_parse(packet, exchange->received, size, NULL, 0) < 0) {
		return false;
	}
	if (coap_header_get_code(packet) == COAP_CODE_EMPTY) {
		*is_acknowledged = true;
		return false;
	}
	if (coap_header_get_token(packet, token) != sizeof(token) ||
	    memcmp(token, exchange->token, sizeof(token)) != 0) {
		return false;
	}
	if (coap_header_get_type(packet) == COAP_TYPE_CON &&
	    coap_packet_init(&ack, buffer, sizeof(buffer), COAP_VERSION_1, COAP_TYPE_ACK, 0, NULL,
			     COAP_CODE_EMPTY, coap_header_get_id(packet)) == 0) {
		(void)zsock_send(exchange->fd_plus_one - 1, buffer, ack.offset, 0);
	}
	return true;
}

/* Sends until the answer comes, as RFC 7252, 4.2 has it. */
static int32_t exchange_messages(struct exchange *exchange, struct coap_packet *request,
				 struct coap_packet *answer, const union zephyr_wasm_sockaddr *peer,
				 k_timepoint_t deadline)
{
	struct zsock_pollfd polled = {.fd = exchange->fd_plus_one - 1, .events = ZSOCK_POLLIN};
	bool is_acknowledged = false;
	k_timepoint_t until;
	ssize_t received;
	int32_t ready;

	if (coap_pending_init(&exchange->pending, request, &peer->any, NULL) != 0) {
		return FAILURE_INVALID;
	}
	while (coap_pending_cycle(&exchange->pending)) {
		/* What is not sent is as what is lost. */
		if (!is_acknowledged && zephyr_wasm_net_room() > 0) {
			(void)zsock_send(polled.fd, request->data, request->offset, 0);
		}
		until = sys_timepoint_calc(K_MSEC(exchange->pending.timeout));
		if (sys_timepoint_cmp(deadline, until) < 0) {
			until = deadline;
		}
		while ((ready = zephyr_wasm_net_poll(&polled, 1, until)) > 0) {
			bool is_done;

			received = zsock_recv(polled.fd, exchange->received,
					      sizeof(exchange->received), ZSOCK_MSG_DONTWAIT);
			is_done = is_answer(exchange, answer, received, &is_acknowledged);
			if (is_done) {
				return 0;
			}
			if (received < 0) {
				return FAILURE_IO;
			}
		}
		if (ready != FAILURE_TIMEOUT || sys_timepoint_expired(deadline)) {
			return ready;
		}
	}
	return FAILURE_TIMEOUT;
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

/** Asks a server, and returns the size of the answer's payload. */
int32_t zephyr_wasm_coap_ask(const struct zephyr_wasm_address *server, uint32_t method,
			     const char *path, size_t length, const uint8_t *payload, size_t size,
			     uint64_t deadline, uint32_t *code, uint8_t *body)
{
	k_timepoint_t until = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(deadline));
	int32_t number = zephyr_wasm_pool_take(&exchanges);
	char whole[ZEPHYR_WASM_COAP_PATH_SIZE];
	struct coap_packet request, answer;
	union zephyr_wasm_sockaddr peer;
	struct exchange *exchange;
	const uint8_t *received;
	socklen_t peer_length;
	uint16_t received_size;
	int32_t result = 0;
	int fd;

	if (number < 0) {
		return number;
	}
	exchange = zephyr_wasm_pool_slot(&exchanges, number);
	peer_length = zephyr_wasm_to_sockaddr(server, &peer);
	if (!zephyr_wasm_copy_text(whole, sizeof(whole), path, length) ||
	    !zephyr_wasm_holds(method >= COAP_METHOD_GET && method <= COAP_METHOD_DELETE)) {
		result = FAILURE_INVALID;
	} else if (size > CONFIG_WASM_COAP_SIZE ||
		   build(exchange, &request, method, whole, length, payload, size) != 0) {
		result = FAILURE_TOO_LARGE;
	}
	if (result == 0) {
		zephyr_wasm_net_pace();
		fd = zephyr_wasm_net_socket(peer.any.sa_family, SOCK_DGRAM, IPPROTO_UDP);
		exchange->fd_plus_one = fd + 1;
		if (fd < 0 || zsock_connect(fd, &peer.any, peer_length) < 0) {
			result = zephyr_wasm_net_failure(errno);
		}
	}
	if (result == 0) {
		result = exchange_messages(exchange, &request, &answer, &peer, until);
	}
	if (result == 0) {
		*code = coap_header_get_code(&answer);
		received = coap_packet_get_payload(&answer, &received_size);
		if (received != NULL) {
			result = MIN(received_size, CONFIG_WASM_COAP_SIZE);
			memcpy(body, received, result);
		}
	}
	zephyr_wasm_pool_give(&exchanges, number);
	return result;
}
