/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the host APIs over Zephyr's sockets (zephyr:sockets, coap, http) share: addresses, look-ups,
 * waiting, and limits.
 */

#ifndef ZEPHYR_WASM_NET_H_
#define ZEPHYR_WASM_NET_H_

#include <zephyr/net/net_pkt.h>
#include <zephyr/net/socket.h>

#include <zephyr_wasm/net_names.h>

#include "core/app.h"
#include "address.h"

struct net_context;

/** Any address of a socket. */
union zephyr_wasm_sockaddr {
	struct net_sockaddr any;
	struct net_sockaddr_in ipv4;
	struct net_sockaddr_in6 ipv6;
	struct net_sockaddr_storage storage;
};

/** Returns the length of the address that it writes. */
net_socklen_t zephyr_wasm_to_sockaddr(const struct zephyr_wasm_address *address,
				      union zephyr_wasm_sockaddr *to);
void zephyr_wasm_from_sockaddr(const union zephyr_wasm_sockaddr *from,
			       struct zephyr_wasm_address *address);

/** Whether a packet that has come is for a group (multicast). */
static inline bool zephyr_wasm_net_is_to_group(struct net_pkt *packet)
{
	if (net_pkt_family(packet) == NET_AF_INET) {
		return (NET_IPV4_HDR(packet)->dst[0] & 0xf0) == 0xe0;
	}
	return net_pkt_family(packet) == NET_AF_INET6 && NET_IPV6_HDR(packet)->dst[0] == 0xff;
}

/** Returns the failure that an errno stands for. */
int32_t zephyr_wasm_net_failure(int error);

/**
 * Waits until one of these is ready. Waits in slices, so that an app can be killed between two of
 * them.
 *
 * Returns how many are ready, or FAILURE_TIMEOUT.
 */
int32_t zephyr_wasm_net_poll(struct zsock_pollfd *polled, int count, k_timepoint_t end);

/** Makes the calling app wait until it may make its next request. */
void zephyr_wasm_net_pace(void);

/** Looks up a host as zsock_getaddrinfo() does, when the look-ups before that of the calling app
 * are done. */
int zephyr_wasm_net_look_up(const char *host, const char *port, const struct zsock_addrinfo *hints,
			    struct zsock_addrinfo **found);

/** Makes a socket that does not block, and is to be closed by zephyr_wasm_net_close(). Fails with
 * ENFILE if only the firmware's contexts are left. */
int zephyr_wasm_net_socket(int family, int type, int protocol);

/** Marks a new socket as one of a host API: its packets may take no more of the board's buffers
 * than apps may have, and apps in user mode do not reach it by Zephyr's own system calls. */
void zephyr_wasm_net_own(int fd);

/** Closes a socket of zephyr_wasm_net_socket() or zephyr_wasm_net_own(). */
void zephyr_wasm_net_close(int fd);

/** Receives as zsock_recvfrom() does, without waiting. */
ssize_t zephyr_wasm_net_receive(int fd, void *bytes, size_t room, int flags,
				struct net_sockaddr *from, net_socklen_t *length);

/**
 * Sends as zsock_sendto() does, without waiting, as many bytes as apps may have buffers for.
 *
 * Fails with ENOBUFS if these are fewer than @p least, which for a datagram is all of it.
 */
ssize_t zephyr_wasm_net_send(int fd, const void *bytes, size_t least, size_t size,
			     const struct net_sockaddr *to, net_socklen_t length);

/** The outcome of zephyr_wasm_net_send() or zephyr_wasm_net_receive(), by what it has returned: 0,
 * FAILURE_TIMEOUT if it would have to wait, or another failure. A connection whose peer is not
 * heard of any more is reset. */
int32_t zephyr_wasm_net_outcome(ssize_t moved);

/** Waits until sending or receiving can continue; 0, or a failure. @p was_ready is false at first,
 * and then what the call before has left there. */
int32_t zephyr_wasm_net_wait(int fd, short events, k_timepoint_t end, bool *was_ready);

/** Waits a little while for buffers. FAILURE_TIMEOUT if @p end has come, or the app is asked to
 * end.
 */
int32_t zephyr_wasm_net_wait_for_room(k_timepoint_t end);

/** Connects a socket as soon as apps may have the buffers for that; 0, or a failure. */
int32_t zephyr_wasm_net_connect(int fd, const struct zephyr_wasm_address *address,
				k_timepoint_t end);

#ifdef CONFIG_NET_NATIVE_TCP
/** zsock_poll() and zsock_getsockname(), which may be called for connections that Zephyr has
 * dropped. */
int zephyr_wasm_net_poll_once(struct zsock_pollfd *polled, int count, int milliseconds);
int zephyr_wasm_net_own_address(int fd, struct net_sockaddr *address, net_socklen_t *length);

/**
 * Waits until a new connection can send. Zephyr's thread reports the socket as connected before the
 * connection is, and what is sent in between fails.
 */
void zephyr_wasm_net_settle(int fd);
#else
static inline int zephyr_wasm_net_poll_once(struct zsock_pollfd *polled, int count,
					    int milliseconds)
{
	return zsock_poll(polled, count, milliseconds);
}

static inline int zephyr_wasm_net_own_address(int fd, struct net_sockaddr *address,
					      net_socklen_t *length)
{
	return zsock_getsockname(fd, address, length);
}

static inline void zephyr_wasm_net_settle(int fd)
{
	ARG_UNUSED(fd);
}
#endif

#ifdef CONFIG_WASM_NET_BUFFERS
/** The part of a number that is for the firmware only. */
#define ZEPHYR_WASM_NET_RESERVE(count) ((count) / 4)

/** Returns how many bytes apps may send now, at most @p most, and reserves them until
 * zephyr_wasm_net_give_room(); 0 if they are fewer than @p least. */
size_t zephyr_wasm_net_take_room(size_t least, size_t most);
void zephyr_wasm_net_give_room(size_t size);

/** Returns how many more of Zephyr's contexts apps may have, at most @p most, and reserves them
 * until zephyr_wasm_net_give_contexts(). */
size_t zephyr_wasm_net_take_contexts(size_t most);
void zephyr_wasm_net_give_contexts(size_t count);

/** Returns how many contexts apps have now. For a listening socket, those of all connections that
 * may arrive before they are accepted count. */
size_t zephyr_wasm_net_count_watched(void);

/** Notes how many connections may arrive at a socket that is about to listen, before they are
 * accepted. */
void zephyr_wasm_net_awaits(int fd, size_t count);

/** Notes that the next connection of a socket is about to be accepted; false if there is no
 * descriptor for it: Zephyr would close the connection, and may lose for ever the packets that
 * arrive meanwhile. */
bool zephyr_wasm_net_accepts(int fd);

/** zephyr_wasm_net_closes() notes that an app's connection is about to be closed, whose context
 * Zephyr may keep for a while. zephyr_wasm_net_opens() notes that a context has become that of an
 * app's socket. */
void zephyr_wasm_net_closes(struct net_context *context);
void zephyr_wasm_net_opens(const struct net_context *context);

/** Returns the context at a place of the list of closed connections, from 0 to
 * CONFIG_NET_MAX_CONTEXTS - 1; NULL if there is none, or Zephyr has released it. Only with
 * CONFIG_NET_NATIVE_TCP. */
struct net_context *zephyr_wasm_net_closed_at(size_t place);

void zephyr_wasm_net_watch(int fd);
void zephyr_wasm_net_unwatch(int fd);
#else
static inline size_t zephyr_wasm_net_take_room(size_t least, size_t most)
{
	ARG_UNUSED(least);
	return most;
}

static inline void zephyr_wasm_net_give_room(size_t size)
{
	ARG_UNUSED(size);
}

static inline size_t zephyr_wasm_net_take_contexts(size_t most)
{
	return most;
}

static inline void zephyr_wasm_net_give_contexts(size_t count)
{
	ARG_UNUSED(count);
}

static inline void zephyr_wasm_net_awaits(int fd, size_t count)
{
	ARG_UNUSED(fd);
	ARG_UNUSED(count);
}

static inline bool zephyr_wasm_net_accepts(int fd)
{
	ARG_UNUSED(fd);
	return true;
}

static inline void zephyr_wasm_net_watch(int fd)
{
	ARG_UNUSED(fd);
}

static inline void zephyr_wasm_net_unwatch(int fd)
{
	ARG_UNUSED(fd);
}
#endif

/** Takes the permission for a new socket away from the calling thread. Zephyr gives it to the
 * thread that makes a socket, and an app in user mode could use the socket by Zephyr's own system
 * calls.
 */
#ifdef CONFIG_WASM_USERSPACE
void zephyr_wasm_net_hide(int fd);
#else
static inline void zephyr_wasm_net_hide(int fd)
{
	ARG_UNUSED(fd);
}
#endif

#endif /* ZEPHYR_WASM_NET_H_ */
