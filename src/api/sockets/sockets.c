/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:sockets, by Zephyr's sockets.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/sys/fdtable.h>
#include <zephyr/sys/printk.h>

#include "core/app.h"
#include "core/pool.h"
#include "core/thread.h"
#include "core/timing.h"
#include "core/wall.h"
#include "net/net.h"
#include "observe/log_rate.h"
#include "zephyr_wasm_declared.h"

struct open_socket {
	zephyr_wasm_owner_t owner;
	/* One more than the descriptor, so that an empty slot has none. */
	int fd_plus_one;
	struct zephyr_wasm_address local;
	struct zephyr_wasm_address last_sender;
	bool is_tcp;
	bool is_ipv6;
	bool is_bound;
	/* Zephyr has one list for a TCP socket, with connections if the socket listens, and with
	 * received data if it has a peer. It does not check which. So a socket has only one of
	 * these two. */
	bool is_listening;
	bool has_peer;
	bool has_sender;
};

static void close_socket(void *slot)
{
	struct open_socket *open = slot;
	int fd = open->fd_plus_one - 1;

	/* Cleared first. Otherwise, a kill would wake another socket that has the descriptor by
	 * then. */
	open->fd_plus_one = 0;
	if (fd >= 0) {
		zephyr_wasm_net_close(fd);
	}
}

/* Whether another call uses a socket. That call has the socket's lock. */
static bool is_in_call(int fd)
{
	const struct fd_op_vtable *vtable;
	struct k_mutex *lock;

	return zvfs_get_fd_obj_and_vtable(fd, &vtable, &lock) == NULL || lock->owner != NULL;
}

/* Ends a socket whose app is killed, so that a wait for it returns at once. Not for an app that is
 * only asked to end: it may still need the socket, and its wait ends with the slice. Not if a call
 * uses the socket, or if it listens: then the thread that kills would wait for a driver, in that
 * call, or to close the connections that wait to be accepted. */
static void wake_socket(void *slot)
{
	struct open_socket *open = slot;

	if (open->fd_plus_one > 0 && !open->is_listening && open->owner != ZEPHYR_WASM_FIRMWARE &&
	    open->owner->mark.pending_end != ZEPHYR_WASM_END_NONE &&
	    !is_in_call(open->fd_plus_one - 1)) {
		(void)zsock_shutdown(open->fd_plus_one - 1, ZSOCK_SHUT_RD);
	}
}

ZEPHYR_WASM_POOL_DEFINE_WAKING(sockets, struct open_socket, CONFIG_WASM_SOCKET_COUNT, NULL,
			       close_socket, wake_socket);

/* The most connections that may wait to be accepted, or are being established. Each has one of
 * Zephyr's contexts. */
#ifdef CONFIG_WASM_NET_BUFFERS
#define MOST_WAITING CLAMP(CONFIG_NET_MAX_CONTEXTS / 4, 1, 16)
#else
#define MOST_WAITING 16
#endif

static struct open_socket *socket_of(uint32_t number)
{
	return zephyr_wasm_pool_slot(&sockets, number);
}

static int fd_of(uint32_t number)
{
	return socket_of(number)->fd_plus_one - 1;
}

/* Whether an address is of a socket's family. Zephyr accepts the other family, and would take the
 * first four bytes of an IPv6 address for an IPv4 address, which was not granted. */
static bool is_of_family(const struct open_socket *open, const struct zephyr_wasm_address *address)
{
	return open->is_ipv6 == address->is_ipv6;
}

/* Converts the result of a socket call that sets errno: 0, or a failure. */
static int32_t end(int result)
{
	return result < 0 ? zephyr_wasm_net_failure(errno) : 0;
}

/* Counts a line of the log if a call has failed, because Zephyr may log that. A kill may come here.
 */
static int32_t refused(int32_t result)
{
	if (IS_ENABLED(CONFIG_NET_LOG) && result < 0) {
		zephyr_wasm_failed();
	}
	return result;
}

/** Returns the size of the largest datagram. */
uint32_t zephyr_wasm_sockets_size(void)
{
	return CONFIG_WASM_SOCKETS_SIZE;
}

/* Gives a slot its descriptor. If there is no descriptor, gives the slot back, and returns the
 * failure. */
static int32_t keep(int32_t number, int fd, bool is_tcp)
{
	int32_t failure;

	if (fd < 0) {
		failure = zephyr_wasm_net_failure(errno);
		zephyr_wasm_pool_give(&sockets, number);
		return failure;
	}
	socket_of(number)->fd_plus_one = fd + 1;
	socket_of(number)->is_tcp = is_tcp;
	return number;
}

/** Makes a socket. Returns its number, or a failure. */
int32_t zephyr_wasm_sockets_create(bool is_tcp, bool is_ipv6)
{
	int32_t number = zephyr_wasm_pool_take(&sockets);

	if (number < 0) {
		return number;
	}
	socket_of(number)->is_ipv6 = is_ipv6;
	return keep(number,
		    zephyr_wasm_net_socket(is_ipv6 ? NET_AF_INET6 : NET_AF_INET,
					   is_tcp ? NET_SOCK_STREAM : NET_SOCK_DGRAM,
					   is_tcp ? NET_IPPROTO_TCP : NET_IPPROTO_UDP),
		    is_tcp);
}

#ifdef CONFIG_WASM_USERSPACE
/* The size of the text of a port, as in rust/api/src/sockets.rs. */
#define PORT_SIZE 16

static const char *protocol_of(uint32_t number)
{
	return socket_of(number)->is_tcp ? "tcp" : "udp";
}

static bool may_reach(uint32_t number, const struct zephyr_wasm_address *address)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_current()->image;
	char name[ZEPHYR_WASM_HOST_NAME_SIZE];
	const char *by_name = NULL;
	uint32_t at = 0;

	do {
		if (zephyr_wasm_rs_granted_peer(image->wasm, image->size, "zephyr:sockets connect",
						protocol_of(number), by_name, address)) {
			return true;
		}
		by_name = name;
	} while (zephyr_wasm_sockets_name(address, &at, name));
	return false;
}

/* Only a host may be looked up. Zephyr reads an address with a port, too, and copies the port to a
 * buffer that may be too small. */
bool zephyr_wasm_sockets_may_resolve(const char *text, size_t length,
				     struct zephyr_wasm_address *found, uint32_t most)
{
	ARG_UNUSED(found);
	ARG_UNUSED(most);
	return zephyr_wasm_rs_is_host(text, length) &&
	       zephyr_wasm_granted("zephyr:sockets resolve", text, length);
}

bool zephyr_wasm_sockets_may_bind(uint32_t number, const struct zephyr_wasm_address *address)
{
	char local[PORT_SIZE];
	int length = snprintk(local, sizeof(local), "%s:%u", protocol_of(number), address->port);

	return zephyr_wasm_granted("zephyr:sockets bind", local, length);
}

bool zephyr_wasm_sockets_may_connect(uint32_t number, const struct zephyr_wasm_address *address,
				     uint64_t timeout)
{
	ARG_UNUSED(timeout);
	return may_reach(number, address);
}

bool zephyr_wasm_sockets_may_send_to(uint32_t number, const uint8_t *data, size_t size,
				     const struct zephyr_wasm_address *address)
{
	const struct open_socket *open = socket_of(number);

	ARG_UNUSED(data);
	ARG_UNUSED(size);
	/* A peer that has sent to a granted port may be answered. */
	return (open->has_sender && open->last_sender.port == address->port &&
		open->last_sender.is_ipv6 == address->is_ipv6 &&
		memcmp(open->last_sender.bytes, address->bytes, sizeof(address->bytes)) == 0) ||
	       may_reach(number, address);
}
#endif /* CONFIG_WASM_USERSPACE */

int32_t zephyr_wasm_sockets_bind(uint32_t number, const struct zephyr_wasm_address *address)
{
	union zephyr_wasm_sockaddr local;
	net_socklen_t length = zephyr_wasm_to_sockaddr(address, &local);
	int32_t result;

	if (!is_of_family(socket_of(number), address)) {
		return FAILURE_INVALID;
	}
	if (socket_of(number)->is_bound || socket_of(number)->has_peer) {
		return FAILURE_STATE;
	}
	/* Binding may take a random number for a port, as src/api/random/random.c does. */
	zephyr_wasm_hurry_current();
	result = end(zsock_bind(fd_of(number), &local.any, length));
	if (result == 0) {
		socket_of(number)->local = *address;
		socket_of(number)->is_bound = true;
	}
	return refused(result);
}

int32_t zephyr_wasm_sockets_connect(uint32_t number, const struct zephyr_wasm_address *address,
				    uint64_t timeout)
{
	struct open_socket *open = socket_of(number);

	if (!is_of_family(open, address)) {
		return FAILURE_INVALID;
	}
	if (open->is_listening) {
		return FAILURE_STATE;
	}
	open->has_peer = true;
	return refused(zephyr_wasm_net_connect(fd_of(number), address,
					       sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout))));
}

int32_t zephyr_wasm_sockets_listen(uint32_t number, uint32_t backlog)
{
	struct open_socket *open = socket_of(number);
	size_t waiting;
	int32_t result;

	if (!open->is_tcp || !open->is_bound || open->has_peer || open->is_listening) {
		return FAILURE_STATE;
	}
	waiting = zephyr_wasm_net_take_contexts(CLAMP(backlog, 1, MOST_WAITING));
	if (waiting == 0) {
		return FAILURE_LIMIT;
	}
	open->is_listening = true;
	zephyr_wasm_net_awaits(fd_of(number), waiting);
	result = end(zsock_listen(fd_of(number), (int)waiting));
	zephyr_wasm_net_give_contexts(waiting);
	return refused(result);
}

/* Accepts the connection that has waited longest, into the slot @p number; or gives the slot back.
 */
static int32_t take_connection(uint32_t listener, int32_t number)
{
	int flags;
	int fd;

	/* Without a descriptor, Zephyr would close the connection. */
	zephyr_wasm_hurry_current();
	if (!zephyr_wasm_net_accepts(fd_of(listener))) {
		zephyr_wasm_pool_give(&sockets, number);
		return FAILURE_LIMIT;
	}
	fd = zsock_accept(fd_of(listener), NULL, NULL);
	if (fd >= 0) {
		zephyr_wasm_net_own(fd);
		flags = zsock_fcntl(fd, ZVFS_F_GETFL, 0);
		(void)zsock_fcntl(fd, ZVFS_F_SETFL, flags | ZVFS_O_NONBLOCK);
		zephyr_wasm_net_settle(fd);
	}
	socket_of(number)->has_peer = true;
	socket_of(number)->is_ipv6 = socket_of(listener)->is_ipv6;
	return keep(number, fd, true);
}

/** Accepts a connection. Returns the number of its socket, or a failure. */
int32_t zephyr_wasm_sockets_accept(uint32_t number, uint64_t timeout)
{
	struct zsock_pollfd polled = {.fd = fd_of(number), .events = ZSOCK_POLLIN};
	int32_t result;

	if (!socket_of(number)->is_listening) {
		return FAILURE_STATE;
	}
	result = zephyr_wasm_net_poll(&polled, 1, sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout)));
	if (result < 0) {
		return result;
	}
	if (zephyr_wasm_net_take_contexts(1) == 0) {
		/* The accepted connection would make room for another one, and a closed connection
		 * keeps its context for a while. */
		return FAILURE_LIMIT;
	}
	result = zephyr_wasm_pool_take(&sockets);
	if (result >= 0) {
		result = take_connection(number, result);
	}
	zephyr_wasm_net_give_contexts(1);
	return result;
}

/** Sends bytes to the peer. Returns how many were sent, or a failure. */
int32_t zephyr_wasm_sockets_send(uint32_t number, const uint8_t *data, size_t size,
				 uint64_t timeout)
{
	k_timepoint_t until = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout));
	int fd = fd_of(number);
	bool was_ready = false;
	ssize_t sent;
	int32_t result;

	/* Not for datagrams: a part of one would be another datagram. */
	if (socket_of(number)->is_listening || !socket_of(number)->is_tcp) {
		return FAILURE_STATE;
	}
	do {
		sent = zephyr_wasm_net_send(fd, data, 1, size, NULL, 0);
		result = zephyr_wasm_net_outcome(sent);
		if (result == FAILURE_TIMEOUT) {
			result = zephyr_wasm_net_wait(fd, ZSOCK_POLLOUT, until, &was_ready);
		} else if (result == FAILURE_LIMIT) {
			result = zephyr_wasm_net_wait_for_room(until);
		}
	} while (sent < 0 && result >= 0);
	return result < 0 ? result : (int32_t)sent;
}

int32_t zephyr_wasm_sockets_send_to(uint32_t number, const uint8_t *data, size_t size,
				    const struct zephyr_wasm_address *address)
{
	union zephyr_wasm_sockaddr peer;
	net_socklen_t length = zephyr_wasm_to_sockaddr(address, &peer);

	if (!is_of_family(socket_of(number), address)) {
		return FAILURE_INVALID;
	}
	/* A TCP socket would send to its peer, and the data would be in buffers twice meanwhile. */
	if (socket_of(number)->is_tcp) {
		return FAILURE_STATE;
	}
	if (size > CONFIG_WASM_SOCKETS_SIZE) {
		return FAILURE_TOO_LARGE;
	}
	return refused(
		end(zephyr_wasm_net_send(fd_of(number), data, size, size, &peer.any, length)));
}

/** Receives bytes. Returns how many, or a failure, and writes the sender if @p sender is not NULL.
 */
int32_t zephyr_wasm_sockets_receive(uint32_t number, uint8_t *data, size_t room, uint64_t timeout,
				    struct zephyr_wasm_address *sender)
{
	struct open_socket *open = socket_of(number);
	k_timepoint_t until = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout));
	int fd = fd_of(number);
	bool was_ready = false;
	union zephyr_wasm_sockaddr peer;
	net_socklen_t length;
	ssize_t received;
	int32_t result;

	if (open->is_listening) {
		return FAILURE_STATE;
	}
	memset(&peer, 0, sizeof(peer));
	do {
		length = sizeof(peer);
		received = zephyr_wasm_net_receive(fd, data, room, 0,
						   sender == NULL ? NULL : &peer.any,
						   sender == NULL ? NULL : &length);
		result = zephyr_wasm_net_outcome(received);
		if (result == FAILURE_TIMEOUT) {
			result = zephyr_wasm_net_wait(fd, ZSOCK_POLLIN, until, &was_ready);
		}
	} while (received < 0 && result >= 0);
	if (result < 0) {
		return result;
	}
	if (received == 0 && room > 0 && open->is_tcp) {
		/* Zephyr logs each read of a connection that it has given up. */
		(void)refused(FAILURE_RESET);
	}
	if (sender != NULL) {
		zephyr_wasm_from_sockaddr(&peer, sender);
	}
	/* For an empty result and for a connection, Zephyr gives no sender, and then nobody may be
	 * answered. Nor may a peer that has sent to a port that was not granted, because anybody
	 * could find that port. */
	if (sender != NULL && peer.any.sa_family != NET_AF_UNSPEC && open->is_bound) {
		open->last_sender = *sender;
		open->has_sender = true;
	}
	return (int32_t)received;
}

/** Writes the sender of the last datagram, which may be answered. Returns false if there is none.
 */
bool zephyr_wasm_sockets_last_sender(uint32_t number, struct zephyr_wasm_address *sender)
{
	*sender = socket_of(number)->last_sender;
	return socket_of(number)->has_sender;
}

int32_t zephyr_wasm_sockets_shutdown(uint32_t number)
{
	zephyr_wasm_hurry_current();
	return end(zsock_shutdown(fd_of(number), ZSOCK_SHUT_WR));
}

int32_t zephyr_wasm_sockets_address(uint32_t number, bool of_peer,
				    struct zephyr_wasm_address *address)
{
	union zephyr_wasm_sockaddr found;
	net_socklen_t length = sizeof(found);
	int32_t result;

	result = end(of_peer ? zsock_getpeername(fd_of(number), &found.any, &length)
			     : zephyr_wasm_net_own_address(fd_of(number), &found.any, &length));
	if (result == 0) {
		zephyr_wasm_from_sockaddr(&found, address);
	} else if (!of_peer && socket_of(number)->is_bound) {
		/* The offloaded sockets of native_sim do not support this. */
		*address = socket_of(number)->local;
		result = 0;
	}
	return result;
}

/** Waits until one of up to 32 sockets is ready: for writing if its bit in @p writes is set,
 * otherwise for reading. Writes a bit for each ready socket. */
int32_t zephyr_wasm_sockets_poll(const uint32_t *numbers, uint32_t count, uint32_t writes,
				 uint64_t timeout, uint32_t *ready)
{
	struct zsock_pollfd polled[CONFIG_WASM_SOCKET_COUNT];
	int32_t result;

	if (count > ARRAY_SIZE(polled)) {
		return FAILURE_INVALID;
	}
	for (uint32_t i = 0; i < count; i++) {
		polled[i] = (struct zsock_pollfd){
			.fd = fd_of(numbers[i]),
			.events = (writes & BIT(i)) != 0 ? ZSOCK_POLLOUT : ZSOCK_POLLIN,
		};
	}
	result = zephyr_wasm_net_poll(polled, (int)count,
				      sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout)));
	*ready = 0;
	for (uint32_t i = 0; i < count; i++) {
		*ready |= polled[i].revents != 0 ? BIT(i) : 0;
	}
	return result < 0 ? result : 0;
}

void zephyr_wasm_sockets_close(uint32_t number)
{
	zephyr_wasm_pool_give(&sockets, number);
}
