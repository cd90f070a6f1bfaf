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

/** The failure that an errno stands for. */
int32_t zephyr_wasm_net_failure(int error);

/**
 * Waits until one of these is ready, in slices, so that a killed app ends in one of them.
 *
 * Returns how many are ready, or FAILURE_TIMEOUT.
 */
int32_t zephyr_wasm_net_poll(struct zsock_pollfd *polled, int count, k_timepoint_t end);

/** Has the calling app wait until it may make its next request. */
void zephyr_wasm_net_pace(void);

/** Looks up a host as zsock_getaddrinfo() does, when it is the calling app's turn. */
int zephyr_wasm_net_look_up(const char *host, const char *port, const struct zsock_addrinfo *hints,
			    struct zsock_addrinfo **found);

/** Makes a socket that does not block, and is to be closed by zephyr_wasm_net_close(). There is
 * none if the contexts that are left are for the firmware. */
int zephyr_wasm_net_socket(int family, int type, int protocol);

/** Makes a new socket that of a host API: its packets have no more of the board's buffers than
 * those of apps may, and apps in user mode do not reach it by Zephyr's own system calls. */
void zephyr_wasm_net_own(int fd);

/** Closes one of these. */
void zephyr_wasm_net_close(int fd);

/** Receives as zsock_recvfrom() does, without waiting. */
ssize_t zephyr_wasm_net_receive(int fd, void *bytes, size_t room, int flags,
				struct net_sockaddr *from, net_socklen_t *length);

/**
 * Sends as zsock_sendto() does, without waiting, as many bytes as apps may have buffers for.
 *
 * ENOBUFS if these are less than @p least, which is all of a datagram.
 */
ssize_t zephyr_wasm_net_send(int fd, const void *bytes, size_t least, size_t size,
			     const struct net_sockaddr *to, net_socklen_t length);

/** What has become of sending or receiving, as these return it: 0, FAILURE_TIMEOUT if that would
 * have to wait, or another failure. That the peer is not heard of any more is the end of a
 * connection. */
int32_t zephyr_wasm_net_outcome(ssize_t moved);

/** Waits until that may go on; 0, or a failure. @p was_ready is false at first. */
int32_t zephyr_wasm_net_wait(int fd, short events, k_timepoint_t end, bool *was_ready);

/** Waits a little while for buffers; FAILURE_TIMEOUT if @p end has come, or the app is asked to
 * end. */
int32_t zephyr_wasm_net_wait_for_room(k_timepoint_t end);

/** Connects a socket, as soon as apps may have the buffers for that; 0, or a failure. */
int32_t zephyr_wasm_net_connect(int fd, const struct zephyr_wasm_address *address,
				k_timepoint_t end);

#ifdef CONFIG_NET_NATIVE_TCP
/** As zsock_poll() and zsock_getsockname(), also of connections that Zephyr has no more. */
int zephyr_wasm_net_poll_once(struct zsock_pollfd *polled, int count, int milliseconds);
int zephyr_wasm_net_own_address(int fd, struct net_sockaddr *address, net_socklen_t *length);

/**
 * Waits for what Zephyr's thread is at with a connection that has just been made: its socket is
 * connected before the connection is, and what is sent in between fails.
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
/** Of all that the board has of something, the part that is the firmware's only. */
#define ZEPHYR_WASM_NET_RESERVE(count) ((count) / 4)

/** How many bytes apps may send now, and promises them to the caller until it gives them back; 0
 * if they are less than @p least. */
size_t zephyr_wasm_net_take_room(size_t least, size_t most);
void zephyr_wasm_net_give_room(size_t size);

/** How many of Zephyr's contexts apps may have besides those that they have, up to @p most, and
 * promises them to the caller until it gives them back. */
size_t zephyr_wasm_net_take_contexts(size_t most);
void zephyr_wasm_net_give_contexts(size_t count);

/** How many they have now, with those of all connections that may come to who listens. */
size_t zephyr_wasm_net_count_watched(void);

/** Notes how many connections may come to a socket that is about to listen, before they are
 * accepted. */
void zephyr_wasm_net_awaits(int fd, size_t count);

/** Notes that the next one is about to be accepted; false if there is no descriptor for it: Zephyr
 * would hang up on it, and may keep for ever what comes meanwhile. */
bool zephyr_wasm_net_accepts(int fd);

/** Notes that one of these is about to be closed, which Zephyr may have for a while then; or that a
 * context is one of these. */
void zephyr_wasm_net_closes(struct net_context *context);
void zephyr_wasm_net_opens(const struct net_context *context);

/** Which context is at that place, up to CONFIG_NET_MAX_CONTEXTS, of those that Zephyr has of
 * connections that are closed; NULL for none. Only with CONFIG_NET_NATIVE_TCP. */
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

/** Takes a new socket away from the calling thread, which has it by the kernel if it is an app's,
 * and else could use it by Zephyr's own system calls. */
#ifdef CONFIG_WASM_USERSPACE
void zephyr_wasm_net_hide(int fd);
#else
static inline void zephyr_wasm_net_hide(int fd)
{
	ARG_UNUSED(fd);
}
#endif

#endif /* ZEPHYR_WASM_NET_H_ */
