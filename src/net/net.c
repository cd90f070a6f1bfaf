/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the host APIs over Zephyr's sockets share.
 *
 * A thread is never aborted inside of the network stack, which has locks and lists of waiting
 * threads: a kill waits for every host call. A call that waits does so in slices, and a kill can
 * come between two of them.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/net/hostname.h>
#include <zephyr/net/net_ip.h>

#include <zephyr_wasm/host.h>

#include "core/mark.h"
#include "core/observer.h"
#include "core/pool.h"
#include "core/slots.h"
#include "core/thread.h"
#include "core/timing.h"
#include "net.h"
#include "zephyr_wasm_declared.h"
#include "zephyr_wasm_manifest.h"

net_socklen_t zephyr_wasm_to_sockaddr(const struct zephyr_wasm_address *address,
				      union zephyr_wasm_sockaddr *to)
{
	memset(to, 0, sizeof(*to));
	if (address->is_ipv6) {
		to->ipv6.sin6_family = NET_AF_INET6;
		to->ipv6.sin6_port = net_htons(address->port);
		memcpy(&to->ipv6.sin6_addr, address->bytes, sizeof(to->ipv6.sin6_addr));
		return sizeof(to->ipv6);
	}
	to->ipv4.sin_family = NET_AF_INET;
	to->ipv4.sin_port = net_htons(address->port);
	memcpy(&to->ipv4.sin_addr, address->bytes, sizeof(to->ipv4.sin_addr));
	return sizeof(to->ipv4);
}

void zephyr_wasm_from_sockaddr(const union zephyr_wasm_sockaddr *from,
			       struct zephyr_wasm_address *address)
{
	memset(address, 0, sizeof(*address));
	address->is_ipv6 = from->any.sa_family == NET_AF_INET6;
	if (address->is_ipv6) {
		address->port = net_ntohs(from->ipv6.sin6_port);
		memcpy(address->bytes, &from->ipv6.sin6_addr, sizeof(from->ipv6.sin6_addr));
	} else {
		address->port = net_ntohs(from->ipv4.sin_port);
		memcpy(address->bytes, &from->ipv4.sin_addr, sizeof(from->ipv4.sin_addr));
	}
}

int32_t zephyr_wasm_net_failure(int error)
{
	switch (error) {
	case EINVAL:
	case EAFNOSUPPORT:
	case EDESTADDRREQ:
		return FAILURE_INVALID;
	case ENOTCONN:
	case EISCONN:
	case EALREADY:
		return FAILURE_STATE;
	case ENOMEM:
	case ENOBUFS:
	case ENFILE:
	case EMFILE:
		return FAILURE_LIMIT;
	case EADDRNOTAVAIL:
		return FAILURE_NOT_BINDABLE;
	case EADDRINUSE:
		return FAILURE_IN_USE;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
		return FAILURE_UNREACHABLE;
	case ECONNREFUSED:
		return FAILURE_REFUSED;
	case ECONNRESET:
	case ECONNABORTED:
	case EPIPE:
	case ESHUTDOWN:
		return FAILURE_RESET;
	case EAGAIN:
	case ETIMEDOUT:
		return FAILURE_TIMEOUT;
	case EMSGSIZE:
		return FAILURE_TOO_LARGE;
	case ENOTSUP:
#if EOPNOTSUPP != ENOTSUP
	case EOPNOTSUPP:
#endif
	case EPROTONOSUPPORT:
	case ENOPROTOOPT:
		return FAILURE_NOT_SUPPORTED;
	default:
		return FAILURE_IO;
	}
}

int32_t zephyr_wasm_net_poll(struct zsock_pollfd *polled, int count, k_timepoint_t end)
{
	int ready;

	do {
		k_timeout_t left = sys_timepoint_timeout(end);
		int64_t slice = CONFIG_WASM_SOCKETS_SLICE_MS;

		if (!K_TIMEOUT_EQ(left, K_FOREVER)) {
			slice = MIN(slice, (int64_t)k_ticks_to_ms_ceil64(left.ticks));
		}
		ready = zephyr_wasm_net_poll_once(polled, count, (int)slice);
		if (ready < 0) {
			ready = zephyr_wasm_net_failure(errno);
		}
		zephyr_wasm_let_kill_come();
	} while (ready == 0 && !sys_timepoint_expired(end) && !zephyr_wasm_is_asked());
	return ready == 0 ? FAILURE_TIMEOUT : ready;
}

ssize_t zephyr_wasm_net_receive(int fd, void *bytes, size_t room, int flags,
				struct net_sockaddr *from, net_socklen_t *length)
{
	/* Receiving may send, too: TCP tells the peer how much room there is. */
	zephyr_wasm_hurry_current();
	return zsock_recvfrom(fd, bytes, room, flags | ZSOCK_MSG_DONTWAIT, from, length);
}

ssize_t zephyr_wasm_net_send(int fd, const void *bytes, size_t least, size_t size,
			     const struct net_sockaddr *to, net_socklen_t length)
{
	/* A connection's data is in buffers twice: to be retransmitted, and to be sent. */
	size_t times = least < size ? 2 : 1;
	size_t room = zephyr_wasm_net_take_room(times * MAX(least, 1), times * MAX(size, 1));
	ssize_t sent;
	int error;

	if (room == 0) {
		errno = ENOBUFS;
		return -1;
	}
	/* Zephyr may send on this thread, by a driver that locks a bus. */
	zephyr_wasm_hurry_current();
	sent = zsock_sendto(fd, bytes, MIN(room / times, size), ZSOCK_MSG_DONTWAIT, to, length);
	error = errno;
	zephyr_wasm_net_give_room(room);
	errno = error;
	return sent;
}

int32_t zephyr_wasm_net_wait_for_room(k_timepoint_t end)
{
	k_timeout_t left = sys_timepoint_timeout(end);
	k_timeout_t slice = K_MSEC(CONFIG_WASM_SOCKETS_SLICE_MS);

	if (K_TIMEOUT_EQ(left, K_NO_WAIT) || zephyr_wasm_is_asked()) {
		return FAILURE_TIMEOUT;
	}
	zephyr_wasm_wait_begin();
	k_sleep(K_TIMEOUT_EQ(left, K_FOREVER) ? slice : K_TICKS(MIN(left.ticks, slice.ticks)));
	zephyr_wasm_wait_end();
	return 0;
}

int32_t zephyr_wasm_net_outcome(ssize_t moved)
{
	if (moved >= 0) {
		return 0;
	}
	return errno == ETIMEDOUT ? FAILURE_RESET : zephyr_wasm_net_failure(errno);
}

int32_t zephyr_wasm_net_wait(int fd, short events, k_timepoint_t end, bool *was_ready)
{
	struct zsock_pollfd polled = {.fd = fd, .events = events};
	int32_t result;

	if (*was_ready) {
		/* Zephyr has reported the socket as ready although it was not. Wait before asking
		 * again, so that this is no busy loop. */
		*was_ready = false;
		return zephyr_wasm_net_wait_for_room(end);
	}
	result = zephyr_wasm_net_poll(&polled, 1, end);
	*was_ready = result > 0;
	return MIN(result, 0);
}

int32_t zephyr_wasm_net_connect(int fd, const struct zephyr_wasm_address *address,
				k_timepoint_t end)
{
	struct zsock_pollfd polled = {.fd = fd, .events = ZSOCK_POLLOUT};
	union zephyr_wasm_sockaddr peer;
	net_socklen_t length = zephyr_wasm_to_sockaddr(address, &peer);
	int32_t result;
	int error = 0;
	size_t room;

	/* Connecting sends a packet, which stays in its buffers until the peer's address is known.
	 */
	while ((room = zephyr_wasm_net_take_room(1, 1)) == 0) {
		result = zephyr_wasm_net_wait_for_room(end);
		if (result < 0) {
			return result;
		}
	}
	/* Connecting sends, and takes a random number, as src/api/random/random.c does. */
	zephyr_wasm_hurry_current();
	if (zsock_connect(fd, &peer.any, length) < 0) {
		error = errno;
	}
	zephyr_wasm_net_give_room(room);
	if (error != EINPROGRESS) {
		return error == 0 ? 0 : zephyr_wasm_net_failure(error);
	}
	result = zephyr_wasm_net_poll(&polled, 1, end);
	if (result < 0) {
		return result;
	}
	length = sizeof(error);
	if (zsock_getsockopt(fd, ZSOCK_SOL_SOCKET, ZSOCK_SO_ERROR, &error, &length) < 0) {
		error = errno;
	}
	if (error != 0) {
		return zephyr_wasm_net_failure(error);
	}
	zephyr_wasm_net_settle(fd);
	return 0;
}

#ifdef CONFIG_DNS_RESOLVER
BUILD_ASSERT(CONFIG_NET_SOCKETS_SERVICE_THREAD_PRIO < CONFIG_WASM_APP_PRIORITY_HIGHEST,
	     "an app that computes without a pause would keep the resolver from its answers, and "
	     "what comes for it in the board's buffers: set CONFIG_NET_SOCKETS_SERVICE_THREAD_PRIO "
	     "below CONFIG_WASM_APP_PRIORITY_HIGHEST");

/* The resolver refuses a look-up while it has as many as it has room for, so that an app's look-ups
 * would make those of another fail. So apps' look-ups are queued in the order in which they come,
 * whatever the priorities of apps are. A semaphore does not do: two apps of a higher priority could
 * hand it to each other for ever. */
struct turn {
	zephyr_wasm_owner_t owner;
	/* The place in the order of look-ups; 0 if this one is over. */
	uint32_t ticket;
	bool is_up;
	/* The thread that waits, and its own priority. */
	k_tid_t thread;
	int priority;
	struct k_sem changed;
	/* Given when the resolver has answered. The answer is in what follows. */
	struct k_sem answered;
	enum dns_resolve_status status;
	size_t count;
	struct net_sockaddr found[CONFIG_DNS_RESOLVER_AI_MAX_ENTRIES];
};

/* Ends a look-up, and makes those that wait check whether they are next. */
static void end_turn(void *slot);

ZEPHYR_WASM_WAKER(wake_turn, struct turn, changed)

ZEPHYR_WASM_OPENER(open_turn, struct turn, changed, 1)

/* An app looks up one name at a time. The one more is for the firmware. */
ZEPHYR_WASM_POOL_DEFINE_KIND(turns, struct turn, CONFIG_WASM_MAX_APPS + 1, open_turn, end_turn,
			     wake_turn, ZEPHYR_WASM_POOL_OF_CALLS);

static void end_turn(void *slot)
{
	k_sched_lock();
	((struct turn *)slot)->ticket = 0;
	for (size_t i = 0; i < ARRAY_SIZE(turns_slots); i++) {
		if (turns_slots[i].ticket != 0) {
			k_sem_give(&turns_slots[i].changed);
		}
	}
	k_sched_unlock();
}

/* Whether a waiting app would not continue when it is next: it is halted, or has ended. */
static bool is_held_up(zephyr_wasm_owner_t owner)
{
	return owner != ZEPHYR_WASM_FIRMWARE &&
	       (owner->mark.pending_end != ZEPHYR_WASM_END_NONE || owner->mark.halts != 0 ||
		owner->noted_end != ZEPHYR_WASM_END_NONE);
}

/* Whether another look-up is before this one. */
static bool is_before(const struct turn *other, const struct turn *turn)
{
	return other->ticket != 0 &&
	       (other->is_up ||
		((int32_t)(other->ticket - turn->ticket) < 0 && !is_held_up(other->owner)));
}

/* Lends this look-up's priority to those before it. Otherwise, an app that computes, with a
 * priority between the two, would keep this one waiting. */
static void hurry(const struct turn *turn)
{
	int priority = k_thread_priority_get(turn->thread);

	for (size_t i = 0; i < ARRAY_SIZE(turns_slots); i++) {
		const struct turn *other = &turns_slots[i];

		if (is_before(other, turn) && k_thread_priority_get(other->thread) > priority) {
			k_thread_priority_set(other->thread, priority);
		}
	}
}

/* How many look-ups of apps the resolver has at once. One place is left to the firmware, whose
 * look-ups do not wait here, and are refused if there is no place. */
#define MOST_UP MAX(CONFIG_DNS_NUM_CONCUR_QUERIES - 1, 1)

/* Whether the resolver has room for a look-up and all before it. If it has, the look-up may begin.
 */
static bool is_up(struct turn *turn)
{
	size_t before = 0;

	k_sched_lock();
	for (size_t i = 0; i < ARRAY_SIZE(turns_slots); i++) {
		before += is_before(&turns_slots[i], turn);
	}
	turn->is_up = before < MOST_UP;
	if (!turn->is_up) {
		hurry(turn);
	}
	k_sched_unlock();
	return turn->is_up;
}

/* The priority of the app that looks up, without what is lent to its call. */
static int priority_of(zephyr_wasm_owner_t owner)
{
	return owner == ZEPHYR_WASM_FIRMWARE ? k_thread_priority_get(k_current_get())
					     : zephyr_wasm_own_priority(owner);
}

/* Puts a look-up at the end of the queue. Returns its number, or a negative one if there is no
 * place to wait. */
static int32_t begin_turn(void)
{
	static uint32_t last;
	int32_t number = zephyr_wasm_pool_take(&turns);

	if (number >= 0) {
		k_sched_lock();
		last = last == UINT32_MAX ? 1 : last + 1;
		turns_slots[number].ticket = last;
		turns_slots[number].thread = k_current_get();
		turns_slots[number].priority = priority_of(turns_slots[number].owner);
		k_sched_unlock();
	}
	return number;
}

/* Waits until a look-up may begin; false if the app is asked to end before. */
static bool wait_for_turn(struct turn *turn)
{
	while (!is_up(turn)) {
		if (zephyr_wasm_is_asked()) {
			return false;
		}
		/* In slices, because nothing signals that a look-up before this one is held up. */
		(void)zephyr_wasm_take(&turn->changed, K_MSEC(CONFIG_WASM_SOCKETS_SLICE_MS));
	}
	return true;
}

/* Zephyr's getaddrinfo() has the resolver write answers to its stack. In two cases it returns while
 * the resolver may still do that: if the time is over and there is no place for a second query, and
 * if an answer arrives while it makes that query. A server can cause this by aliases, and an app by
 * keeping the resolver's thread from running. So look-ups made here have answers written to memory
 * that is always there, and continue only when no answer can come any more (-Wl,--wrap). */
int __real_dns_resolve_name(struct dns_resolve_context *resolver, const char *name,
			    enum dns_query_type type, uint16_t *id, dns_resolve_cb_t callback,
			    void *state, int32_t timeout);
int __wrap_dns_resolve_name(struct dns_resolve_context *resolver, const char *name,
			    enum dns_query_type type, uint16_t *id, dns_resolve_cb_t callback,
			    void *state, int32_t timeout);

/* The resolver's timeout is that of its timer, which may be late. */
#define LATE_MS 100

/* The look-up of the calling thread, if it was made by zephyr_wasm_net_look_up(). */
static struct turn *turn_of_caller(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(turns_slots); i++) {
		if (turns_slots[i].ticket != 0 && turns_slots[i].thread == k_current_get()) {
			return &turns_slots[i];
		}
	}
	return NULL;
}

/* Takes the addresses of an answer, which may have other records than were asked for. */
static void take_answer(enum dns_resolve_status status, struct dns_addrinfo *info, void *state)
{
	struct turn *turn = state;

	if (info == NULL) {
		turn->status = status;
		k_sem_give(&turn->answered);
	} else if ((info->ai_family == NET_AF_INET || info->ai_family == NET_AF_INET6) &&
		   turn->count < ARRAY_SIZE(turn->found)) {
		turn->found[turn->count++] = info->ai_addr;
	}
}

/* Removes a look-up from the resolver, so that it writes nothing more to it. */
static void forget(struct dns_resolve_context *resolver, const struct turn *turn)
{
	(void)k_mutex_lock(&resolver->lock, K_FOREVER);
	for (size_t i = 0; i < ARRAY_SIZE(resolver->queries); i++) {
		struct dns_pending_query *query = &resolver->queries[i];

		if (query->cb != NULL && query->user_data == turn) {
			/* As the resolver itself releases a query whose timer may be about to end
			 * it. */
			query->query = NULL;
			(void)k_work_cancel_delayable(&query->timer);
		}
	}
	(void)k_mutex_unlock(&resolver->lock);
}

static bool is_own_ipv4(const uint8_t *bytes)
{
	struct net_in_addr address;

	memcpy(&address, bytes, sizeof(address));
	return IS_ENABLED(CONFIG_NET_IPV4) &&
	       (net_ipv4_is_addr_unspecified(&address) || net_ipv4_is_addr_loopback(&address) ||
		net_ipv4_is_my_addr(&address));
}

/* Whether an address is the board's own, or a group that never leaves the board. Otherwise a server
 * that answers for a granted name could give an app access to the services of the firmware. */
static bool is_own(const struct net_sockaddr *address)
{
	if (IS_ENABLED(CONFIG_NET_IPV6) && address->sa_family == NET_AF_INET6) {
		struct net_in6_addr ipv6 = net_sin6(address)->sin6_addr;

		if (net_ipv6_addr_is_v4_mapped(&ipv6)) {
			return is_own_ipv4(&ipv6.s6_addr[12]);
		}
		return net_ipv6_is_addr_unspecified(&ipv6) || net_ipv6_is_addr_loopback(&ipv6) ||
		       net_ipv6_is_addr_mcast_iface(&ipv6) || net_ipv6_is_my_addr(&ipv6);
	}
	return is_own_ipv4(net_sin(address)->sin_addr.s4_addr);
}

/* Whether a name is the board's own, which the resolver answers without a server. */
static bool is_own_name(const char *name)
{
	return strcmp(name, "localhost") == 0 ||
	       (IS_ENABLED(CONFIG_NET_HOSTNAME_ENABLE) && strcmp(name, net_hostname_get()) == 0);
}

/* A function of its own, so that its variables are not on the stack while the network sends. */
static __noinline void tell(const struct turn *turn, const char *name, dns_resolve_cb_t callback,
			    void *state)
{
	struct dns_addrinfo info = {0};
	size_t told = 0;

	for (size_t i = 0; i < turn->count; i++) {
		if (is_own(&turn->found[i]) && !is_own_name(name)) {
			continue;
		}
		told++;
		info.ai_addr = turn->found[i];
		info.ai_family = (uint8_t)info.ai_addr.sa_family;
		info.ai_addrlen = info.ai_family == NET_AF_INET ? sizeof(struct net_sockaddr_in)
								: sizeof(struct net_sockaddr_in6);
		callback(DNS_EAI_INPROGRESS, &info, state);
	}
	/* The caller takes the last address as it is told that there are no more. */
	callback(turn->status == DNS_EAI_ALLDONE && told == 0 ? DNS_EAI_NODATA : turn->status, NULL,
		 state);
}

int __wrap_dns_resolve_name(struct dns_resolve_context *resolver, const char *name,
			    enum dns_query_type type, uint16_t *id, dns_resolve_cb_t callback,
			    void *state, int32_t timeout)
{
	struct turn *turn = turn_of_caller();
	int result;

	if (turn == NULL) {
		return __real_dns_resolve_name(resolver, name, type, id, callback, state, timeout);
	}
	turn->status = DNS_EAI_CANCELED;
	turn->count = 0;
	(void)k_sem_init(&turn->answered, 0, 1);
	result = __real_dns_resolve_name(resolver, name, type, id, take_answer, turn, timeout);
	if (result == 0) {
		(void)k_sem_take(&turn->answered, K_MSEC(timeout + LATE_MS));
		forget(resolver, turn);
		tell(turn, name, callback, state);
	}
	return result;
}

static int look_up(struct turn *turn, const char *host, const char *port,
		   const struct zsock_addrinfo *hints, struct zsock_addrinfo **found)
{
	int result = DNS_EAI_CANCELED;

	if (wait_for_turn(turn)) {
		zephyr_wasm_hurry_current();
		result = zsock_getaddrinfo(host, port, hints, found);
	}
	/* From here on, nobody lends it a priority. */
	k_sched_lock();
	turn->ticket = 0;
	if (turn->owner == ZEPHYR_WASM_FIRMWARE ||
	    turn->owner->mark.pending_end == ZEPHYR_WASM_END_NONE) {
		/* If it is killed, the kill gives the priority back. */
		k_thread_priority_set(turn->thread, turn->priority);
	}
	k_sched_unlock();
	return result;
}

int zephyr_wasm_net_look_up(const char *host, const char *port, const struct zsock_addrinfo *hints,
			    struct zsock_addrinfo **found)
{
	struct zsock_addrinfo literal = {0};
	int32_t number;
	int result;

	if (hints != NULL) {
		literal = *hints;
	}
	literal.ai_flags |= ZSOCK_AI_NUMERICHOST;
	/* An address in figures needs no resolver, and does not wait. */
	if (zsock_getaddrinfo(host, port, &literal, found) == 0) {
		return 0;
	}
	number = begin_turn();
	if (number < 0) {
		return DNS_EAI_MEMORY;
	}
	result = look_up(&turns_slots[number], host, port, hints, found);
	zephyr_wasm_pool_give(&turns, number);
	return result;
}
#else
int zephyr_wasm_net_look_up(const char *host, const char *port, const struct zsock_addrinfo *hints,
			    struct zsock_addrinfo **found)
{
	return zsock_getaddrinfo(host, port, hints, found);
}
#endif

void zephyr_wasm_net_own(int fd)
{
	zephyr_wasm_net_hide(fd);
	zephyr_wasm_net_watch(fd);
}

void zephyr_wasm_net_close(int fd)
{
	zephyr_wasm_net_unwatch(fd);
	/* Closing a connection sends a packet, with the network's locks. */
	zephyr_wasm_hurry_current();
	(void)zsock_close(fd);
}

int zephyr_wasm_net_socket(int family, int type, int protocol)
{
	int flags;
	int fd;

	if (zephyr_wasm_net_take_contexts(1) == 0) {
		errno = ENFILE;
		return -1;
	}
	/* Making a socket takes a random number, as src/api/random/random.c does, with a semaphore
	 * of Zephyr's that its receiving thread waits for, too. */
	zephyr_wasm_hurry_current();
	fd = zsock_socket(family, type, protocol);
	if (fd >= 0) {
		zephyr_wasm_net_own(fd);
		flags = zsock_fcntl(fd, ZVFS_F_GETFL, 0);
		(void)zsock_fcntl(fd, ZVFS_F_SETFL, flags | ZVFS_O_NONBLOCK);
	}
	zephyr_wasm_net_give_contexts(1);
	return fd;
}
