/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:coap, paths that apps serve. This file has the server's memory, its socket,
 * and the waits of apps. The protocol itself is behind coap.h.
 *
 * Zephyr's own CoAP service is used only if the firmware has one for its own resources. It drops a
 * message with an option longer than its buffer, answers a ping or an unknown method with 4.00,
 * identifies a client that refuses a notification by its address alone, and would have one resource
 * for all paths of apps.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/logging/log.h>
#include <zephyr/net/coap.h>
#include <zephyr/random/random.h>
#include <zephyr/zvfs/eventfd.h>

#ifdef CONFIG_COAP_SERVER
#include <zephyr_wasm/coap.h>
#endif

#include "coap.h"
#include "core/locks.h"
#include "core/mark.h"
#include "core/pool.h"
#include "core/text.h"
#include "core/thread.h"
#include "core/timing.h"
#include "net/net.h"
#include "zephyr_wasm_declared.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

BUILD_ASSERT(IS_POWER_OF_TWO(CONFIG_WASM_COAP_BLOCK_SIZE),
	     "RFC 7959 has blocks of 16, 32 ... 1024");

/* The longest datagram that is received: the longest payload, and as much for what is before it. A
 * longer one is refused. */
#define RECEIVED_SIZE (256 + MIN(CONFIG_WASM_COAP_SIZE, 1024))

/* More exchanges than all resources can have at once. */
#define EXCHANGES                                                                                  \
	(CONFIG_WASM_COAP_RESOURCE_COUNT *                                                         \
		 (CONFIG_WASM_COAP_CAPACITY + CONFIG_WASM_COAP_OBSERVER_COUNT) +                   \
	 CONFIG_WASM_COAP_ANSWER_COUNT)
#define OBSERVERS (CONFIG_WASM_COAP_RESOURCE_COUNT * CONFIG_WASM_COAP_OBSERVER_COUNT)

/* The most services of the firmware that can contain apps' paths. */
#define SERVICES 4

/* An app's resource. The server has it under the same number. */
struct served {
	zephyr_wasm_owner_t owner;
	struct k_sem arrived;
};

static void close_served(void *slot);

ZEPHYR_WASM_WAKER(wake_served, struct served, arrived)

ZEPHYR_WASM_OPENER(open_served, struct served, arrived, CONFIG_WASM_COAP_CAPACITY)

ZEPHYR_WASM_POOL_DEFINE_WAKING(resources, struct served, CONFIG_WASM_COAP_RESOURCE_COUNT,
			       open_served, close_served, wake_served);

static struct zephyr_wasm_coap_resource of_paths[CONFIG_WASM_COAP_RESOURCE_COUNT];
static struct zephyr_wasm_coap_exchange exchanges[EXCHANGES];
static uint8_t bodies[EXCHANGES * CONFIG_WASM_COAP_SIZE];
static struct zephyr_wasm_coap_observer observers[MAX(OBSERVERS, 1)];
static struct zephyr_wasm_coap_counters counters;

static const struct zephyr_wasm_coap_server server = {
	.resources = of_paths,
	.exchanges = exchanges,
	.bodies = bodies,
	.observers = observers,
	.counters = &counters,
	.resource_count = CONFIG_WASM_COAP_RESOURCE_COUNT,
	.exchange_count = EXCHANGES,
	/* Zephyr's service does not report whether a message was delivered, so it has no observers.
	 */
	.observer_count = CONFIG_WASM_COAP_PORT > 0 ? OBSERVERS : 0,
	.body = CONFIG_WASM_COAP_SIZE,
	.block = ZEPHYR_WASM_COAP_BLOCK,
};

/* Protects the server's memory. No thread that holds it sends: Zephyr's service has a lock of its
 * own, and holds that when a request arrives. */
static K_MUTEX_DEFINE(lock);

ZEPHYR_WASM_LOCKS_DEFINE(coap_locks, &lock, 1);

/* Held while the thread of an app sends answers and notifications. */
static K_MUTEX_DEFINE(sending);

ZEPHYR_WASM_LOCKS_DEFINE(coap_sending_locks, &sending, 1);

static uint8_t sent[ZEPHYR_WASM_COAP_HEAD + ZEPHYR_WASM_COAP_BLOCK];

static void lock_server(void)
{
	/* This may take a random number, as src/api/random/random.c does. */
	zephyr_wasm_hurry_current();
	k_mutex_lock(&lock, K_FOREVER);
	if (counters.message == 0) {
		counters.message = sys_rand32_get() & UINT16_MAX;
	}
}

static void unlock_server(void)
{
	k_mutex_unlock(&lock);
}

static struct zephyr_wasm_coap_peer peer_of(const struct net_sockaddr *from, uint32_t service)
{
	struct zephyr_wasm_coap_peer peer = {.scope = service << 8};
	union zephyr_wasm_sockaddr whole = {0};
	struct zephyr_wasm_address address;

	memcpy(&whole, from,
	       from->sa_family == NET_AF_INET6 ? sizeof(whole.ipv6) : sizeof(whole.ipv4));
	zephyr_wasm_from_sockaddr(&whole, &address);
	memcpy(peer.address, address.bytes, sizeof(peer.address));
	peer.port = address.port;
	peer.is_ipv6 = address.is_ipv6;
	if (address.is_ipv6) {
		peer.scope |= whole.ipv6.sin6_scope_id;
	}
	return peer;
}

static net_socklen_t sockaddr_of(const struct zephyr_wasm_coap_peer *peer,
				 union zephyr_wasm_sockaddr *to)
{
	struct zephyr_wasm_address address = {.port = peer->port, .is_ipv6 = peer->is_ipv6};
	net_socklen_t length;

	memcpy(address.bytes, peer->address, sizeof(address.bytes));
	length = zephyr_wasm_to_sockaddr(&address, to);
	if (address.is_ipv6) {
		to->ipv6.sin6_scope_id = (uint8_t)peer->scope;
	}
	return length;
}

/* Passes a received datagram to the protocol. If it is a request, wakes the app that it is for. */
static void receive(const uint8_t *datagram, size_t size, bool is_cut,
		    struct zephyr_wasm_coap_message *reply)
{
	int number;

	lock_server();
	number = zephyr_wasm_rs_coap_receive(&server, k_uptime_get_32(), datagram, size, is_cut,
					     reply);
	if (number >= 0) {
		k_sem_give(&resources_slots[number].arrived);
	}
	unlock_server();
}

#ifdef CONFIG_COAP_SERVER
/* The resource in each service of the firmware under which all paths of apps are. The index is the
 * service's number less 1. */
static const struct coap_resource *services[SERVICES];

static uint32_t number_of_service(const struct coap_resource *resource)
{
	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		if (services[i] == NULL || services[i] == resource) {
			services[i] = resource;
			return i + 1;
		}
	}
	return 0;
}

static int send_by_service(const struct zephyr_wasm_coap_message *message,
			   const union zephyr_wasm_sockaddr *to, net_socklen_t length)
{
	const struct coap_packet packet = {
		.data = message->bytes,
		.offset = message->size,
		.max_len = message->size,
	};

	return coap_resource_send(services[(message->peer.scope >> 8) - 1], &packet, &to->any,
				  length, NULL);
}

/* Answers a request to the firmware's own CoAP service, on the thread of Zephyr's CoAP server. */
int zephyr_wasm_coap_request(struct coap_resource *resource, struct coap_packet *request,
			     struct net_sockaddr *peer, net_socklen_t length)
{
	static uint8_t buffer[ZEPHYR_WASM_COAP_HEAD + ZEPHYR_WASM_COAP_BLOCK];
	uint32_t service = number_of_service(resource);
	struct zephyr_wasm_coap_message reply = {
		.peer = peer_of(peer, service),
		.room = sizeof(buffer),
		.bytes = buffer,
	};
	union zephyr_wasm_sockaddr to = {0};

	if (service == 0) {
		return COAP_RESPONSE_CODE_SERVICE_UNAVAILABLE;
	}
	receive(request->data, request->offset, false, &reply);
	if (reply.size > 0) {
		memcpy(&to, peer, MIN(length, sizeof(to)));
		(void)send_by_service(&reply, &to, length);
	}
	return 0;
}
#endif

#if CONFIG_WASM_COAP_PORT > 0
#if defined(CONFIG_NET_TC_THREAD_COOPERATIVE)
#define PRIORITY K_PRIO_COOP(CONFIG_NUM_COOP_PRIORITIES - 1)
#else
#define PRIORITY K_PRIO_PREEMPT(CONFIG_NUM_PREEMPT_PRIORITIES - 1)
#endif

/* How often the server checks what is to be sent, if nothing wakes it. */
#define LOOK_MS 250

/* The server's socket, and an event that makes it compute its wait again. */
static int server_fd = -1;
static int wake_fd = -1;

static int send_by_socket(const struct zephyr_wasm_coap_message *message,
			  const union zephyr_wasm_sockaddr *to, net_socklen_t length)
{
	return zephyr_wasm_net_send(server_fd, message->bytes, message->size, message->size,
				    &to->any, length) < 0
		       ? -errno
		       : 0;
}

static void wake_server(void)
{
	if (wake_fd >= 0) {
		(void)zvfs_eventfd_write(wake_fd, 1);
	}
}
#else
static inline void wake_server(void)
{
}
#endif

/* Sends a message to its peer. Returns 0, or a failure. */
static int32_t send_message(const struct zephyr_wasm_coap_message *message)
{
	union zephyr_wasm_sockaddr to;
	net_socklen_t length = sockaddr_of(&message->peer, &to);
	int result = -ENOTCONN;

#ifdef CONFIG_COAP_SERVER
	if (message->peer.scope >> 8 != 0) {
		return send_by_service(message, &to, length) == 0 ? 0 : FAILURE_IO;
	}
#endif
#if CONFIG_WASM_COAP_PORT > 0
	result = send_by_socket(message, &to, length);
#endif
	return result == 0 ? 0 : FAILURE_IO;
}

/* Sends the notifications that are due. */
static void send_due(uint8_t *buffer, size_t room)
{
	struct zephyr_wasm_coap_message message = {.room = room, .bytes = buffer};
	bool is_due;

	do {
		lock_server();
		is_due = zephyr_wasm_rs_coap_due(&server, k_uptime_get_32(), &message);
		unlock_server();
		if (is_due) {
			(void)send_message(&message);
		}
	} while (is_due);
}

#if CONFIG_WASM_COAP_PORT > 0
static bool open_socket(void)
{
	bool is_ipv6 = IS_ENABLED(CONFIG_NET_IPV6);
	const struct zephyr_wasm_address any = {.port = CONFIG_WASM_COAP_PORT, .is_ipv6 = is_ipv6};
	union zephyr_wasm_sockaddr local;
	net_socklen_t length = zephyr_wasm_to_sockaddr(&any, &local);

	server_fd = zephyr_wasm_net_socket(local.any.sa_family, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
	if (server_fd < 0 || zsock_bind(server_fd, &local.any, length) < 0) {
		LOG_ERR("CoAP: nothing is served at port %d (errno %d)", CONFIG_WASM_COAP_PORT,
			errno);
		return false;
	}
	wake_fd = zvfs_eventfd(0, ZVFS_EFD_NONBLOCK);
	return true;
}

static void receive_datagram(uint8_t *buffer, size_t room)
{
	static uint8_t datagram[RECEIVED_SIZE];
	union zephyr_wasm_sockaddr from = {0};
	struct zephyr_wasm_coap_message reply = {.room = room, .bytes = buffer};
	net_socklen_t length = sizeof(from);
	ssize_t size = zsock_recvfrom(server_fd, datagram, sizeof(datagram),
				      ZSOCK_MSG_DONTWAIT | ZSOCK_MSG_TRUNC, &from.any, &length);

	if (size < 0) {
		return;
	}
	reply.peer = peer_of(&from.any, 0);
	receive(datagram, MIN((size_t)size, sizeof(datagram)), size > sizeof(datagram), &reply);
	if (reply.size > 0) {
		(void)send_by_socket(&reply, &from, length);
	}
}

static void serve(void *unused1, void *unused2, void *unused3)
{
	static uint8_t buffer[ZEPHYR_WASM_COAP_HEAD + ZEPHYR_WASM_COAP_BLOCK];
	struct zsock_pollfd polled[2];
	zvfs_eventfd_t count;
	int wait;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	if (!open_socket()) {
		return;
	}
	while (true) {
		lock_server();
		wait = zephyr_wasm_rs_coap_wait(&server, k_uptime_get_32());
		unlock_server();
		if (wake_fd < 0) {
			/* Without an event, the server checks periodically. */
			wait = wait < 0 ? LOOK_MS : MIN(wait, LOOK_MS);
		}
		polled[0] = (struct zsock_pollfd){.fd = server_fd, .events = ZSOCK_POLLIN};
		polled[1] = (struct zsock_pollfd){.fd = wake_fd, .events = ZSOCK_POLLIN};
		if (zsock_poll(polled, wake_fd < 0 ? 1 : 2, wait) < 0) {
			/* For example, there is no memory, which may change soon. */
			k_sleep(K_MSEC(10));
			continue;
		}
		if (wake_fd >= 0 && (polled[1].revents & ZSOCK_POLLIN) != 0) {
			(void)zvfs_eventfd_read(wake_fd, &count);
		}
		if ((polled[0].revents & ZSOCK_POLLIN) != 0) {
			receive_datagram(buffer, sizeof(buffer));
		}
		send_due(buffer, sizeof(buffer));
	}
}

K_THREAD_DEFINE(zephyr_wasm_coap, CONFIG_WASM_COAP_STACK_SIZE, serve, NULL, NULL, NULL, PRIORITY, 0,
		0);
#endif

/** Serves a path. Returns the number of the resource. */
int32_t zephyr_wasm_coap_serve(const char *path, size_t length, uint32_t capacity)
{
	char whole[ZEPHYR_WASM_COAP_PATH_SIZE];
	bool is_served;
	int32_t number;

	if (capacity == 0 || capacity > CONFIG_WASM_COAP_CAPACITY || length == 0 ||
	    !zephyr_wasm_copy_text(whole, sizeof(whole), path, length)) {
		return FAILURE_INVALID;
	}
	number = zephyr_wasm_pool_take(&resources);
	if (number < 0) {
		return number;
	}
	lock_server();
	is_served = zephyr_wasm_rs_coap_serve(&server, number, (const uint8_t *)whole, length,
					      (uint8_t)capacity);
	unlock_server();
	if (!is_served) {
		zephyr_wasm_pool_give(&resources, number);
		return FAILURE_BUSY;
	}
	return number;
}

/** Returns the size of the largest payload. */
uint32_t zephyr_wasm_coap_size(void)
{
	return CONFIG_WASM_COAP_SIZE;
}

/** Waits for a request, and returns the size of its payload. */
int32_t zephyr_wasm_coap_next(uint32_t number, uint64_t timeout, uint32_t *id, uint32_t *method,
			      char *path, uint8_t *payload)
{
	struct served *served = zephyr_wasm_pool_slot(&resources, number);
	k_timepoint_t until = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout));
	int32_t result;

	while (true) {
		lock_server();
		result = zephyr_wasm_rs_coap_next(&server, number, id, method, path, payload);
		unlock_server();
		if (result >= 0 || zephyr_wasm_gives_up(&served->arrived, until)) {
			return result;
		}
	}
}

/* Whether a code is one of a response: its class is from 2 to 5. */
static bool is_response(uint32_t code)
{
	return code >= 2 << 5 && code < 6 << 5;
}

/** Answers a request that the app has taken. */
int32_t zephyr_wasm_coap_answer(uint32_t number, uint32_t id, uint32_t code, const uint8_t *payload,
				size_t size)
{
	struct zephyr_wasm_coap_message answer = {.room = sizeof(sent), .bytes = sent};
	int32_t result;

	(void)zephyr_wasm_pool_slot(&resources, number);
	if (!is_response(code)) {
		return FAILURE_INVALID;
	}
	/* Before the lock, because releasing the lock restores the priority with which it was
	 * taken. */
	zephyr_wasm_hurry_current();
	k_mutex_lock(&sending, K_FOREVER);
	lock_server();
	result = zephyr_wasm_rs_coap_answer(&server, number, id, (uint8_t)code, payload, size,
					    &answer);
	unlock_server();
	if (result == 0) {
		result = send_message(&answer);
	}
	k_mutex_unlock(&sending);
	return result;
}

/** Lets clients observe a resource. */
void zephyr_wasm_coap_observable(uint32_t number)
{
	(void)zephyr_wasm_pool_slot(&resources, number);
	lock_server();
	zephyr_wasm_rs_coap_make_observable(&server, number);
	unlock_server();
}

/** Notifies the observers of a path. Returns how many they are. */
int32_t zephyr_wasm_coap_notify(uint32_t number, const char *path, size_t length, uint32_t code,
				const uint8_t *payload, size_t size)
{
	int32_t result;

	(void)zephyr_wasm_pool_slot(&resources, number);
	if (!is_response(code)) {
		return FAILURE_INVALID;
	}
	/* Other threads do the work for notifications, which does not count towards the app's
	 * share. */
	zephyr_wasm_net_pace();
	lock_server();
	result = zephyr_wasm_rs_coap_notify(&server, number, (const uint8_t *)path, length,
					    (uint8_t)code, payload, size);
	unlock_server();
	if (result > 0) {
		k_mutex_lock(&sending, K_FOREVER);
		send_due(sent, sizeof(sent));
		k_mutex_unlock(&sending);
		/* The server repeats notifications that are not acknowledged. */
		wake_server();
	}
	return result;
}

static void close_served(void *slot)
{
	uint32_t number = (struct served *)slot - resources_slots;

	lock_server();
	zephyr_wasm_rs_coap_end(&server, number);
	unlock_server();
	/* The server notifies the observers that the resource is gone. */
	wake_server();
}

void zephyr_wasm_coap_end(uint32_t number)
{
	zephyr_wasm_pool_give(&resources, number);
}
