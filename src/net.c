/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the APIs over Zephyr's sockets share.
 *
 * A thread is never aborted inside the network stack, which has locks and lists of who waits: a
 * kill waits for every host call, and those that wait do so in slices between which it comes.
 */

#include <errno.h>
#include <string.h>

#include "net.h"
#include "rust.h"

socklen_t zephyr_wasm_to_sockaddr(const struct zephyr_wasm_address *address,
				  union zephyr_wasm_sockaddr *to)
{
	memset(to, 0, sizeof(*to));
	if (address->is_ipv6) {
		to->ipv6.sin6_family = AF_INET6;
		to->ipv6.sin6_port = htons(address->port);
		memcpy(&to->ipv6.sin6_addr, address->bytes, sizeof(to->ipv6.sin6_addr));
		return sizeof(to->ipv6);
	}
	to->ipv4.sin_family = AF_INET;
	to->ipv4.sin_port = htons(address->port);
	memcpy(&to->ipv4.sin_addr, address->bytes, sizeof(to->ipv4.sin_addr));
	return sizeof(to->ipv4);
}

void zephyr_wasm_from_sockaddr(const union zephyr_wasm_sockaddr *from,
			       struct zephyr_wasm_address *address)
{
	memset(address, 0, sizeof(*address));
	address->is_ipv6 = from->any.sa_family == AF_INET6;
	if (address->is_ipv6) {
		address->port = ntohs(from->ipv6.sin6_port);
		memcpy(address->bytes, &from->ipv6.sin6_addr, sizeof(from->ipv6.sin6_addr));
	} else {
		address->port = ntohs(from->ipv4.sin_port);
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
		int64_t slice = CONFIG_WASM_SOCKETS_SLICE;

		if (!K_TIMEOUT_EQ(left, K_FOREVER)) {
			slice = MIN(slice, (int64_t)k_ticks_to_ms_ceil64(left.ticks));
		}
		ready = zsock_poll(polled, count, (int)slice);
		if (ready < 0) {
			ready = zephyr_wasm_net_failure(errno);
		}
		zephyr_wasm_wait_begin();
		zephyr_wasm_wait_end();
	} while (ready == 0 && !sys_timepoint_expired(end) && !zephyr_wasm_is_asked());
	return ready == 0 ? FAILURE_TIMEOUT : ready;
}

void zephyr_wasm_net_pace(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();
	k_timeout_t wait;
	uint32_t interval;

	if (app == NULL) {
		return;
	}
	interval = zephyr_wasm_rs_setting(app->image->wasm, app->image->size, "net-interval-ms", 0);
	wait = sys_timepoint_timeout(app->next_request);
	if (!K_TIMEOUT_EQ(wait, K_NO_WAIT)) {
		zephyr_wasm_wait_begin();
		k_sleep(wait);
		zephyr_wasm_wait_end();
	}
	app->next_request = sys_timepoint_calc(K_MSEC(MAX(interval, CONFIG_WASM_NET_INTERVAL_MS)));
}

#ifdef CONFIG_DNS_RESOLVER
/* The resolver refuses what comes while it has as many, so that one app's look-ups would be the
 * end of another's. */
static K_SEM_DEFINE(turns, CONFIG_DNS_NUM_CONCUR_QUERIES, CONFIG_DNS_NUM_CONCUR_QUERIES);

int zephyr_wasm_net_look_up(const char *host, const char *port, const struct zsock_addrinfo *hints,
			    struct zsock_addrinfo **found)
{
	struct zsock_addrinfo literal = {0};
	int result;

	if (hints != NULL) {
		literal = *hints;
	}
	literal.ai_flags |= AI_NUMERICHOST;
	/* An address is there at once. */
	if (zsock_getaddrinfo(host, port, &literal, found) == 0) {
		return 0;
	}
	/* In slices, for a kill: in a wait that is open to it, a turn could be had and lost. */
	while (k_sem_take(&turns, K_MSEC(CONFIG_WASM_SOCKETS_SLICE)) != 0) {
		zephyr_wasm_wait_begin();
		zephyr_wasm_wait_end();
		if (zephyr_wasm_is_asked()) {
			return DNS_EAI_CANCELED;
		}
	}
	result = zsock_getaddrinfo(host, port, hints, found);
	k_sem_give(&turns);
	return result;
}
#else
int zephyr_wasm_net_look_up(const char *host, const char *port, const struct zsock_addrinfo *hints,
			    struct zsock_addrinfo **found)
{
	return zsock_getaddrinfo(host, port, hints, found);
}
#endif

int zephyr_wasm_net_socket(int family, int type, int protocol)
{
	int fd = zsock_socket(family, type, protocol);
	int flags;

	if (fd >= 0) {
		zephyr_wasm_net_hide(fd);
		flags = zsock_fcntl(fd, ZVFS_F_GETFL, 0);
		(void)zsock_fcntl(fd, ZVFS_F_SETFL, flags | ZVFS_O_NONBLOCK);
	}
	return fd;
}
