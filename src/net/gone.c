/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps the kernel from asking a connection that is not there any more.
 *
 * Connections of TCP that are gone from Zephyr's stack, while their sockets are still there.
 *
 * Two timers of a connection may end it, or one and its peer's reset: whose end was seen, and who
 * is not heard of any more, say. Zephyr takes both for the end of one who uses it, and the last
 * one is the socket. What asks the connection by that asks at an address of NULL then, in the
 * kernel: for its own address, and to wait until it can send.
 */

#include <errno.h>

#include <zephyr/net/net_context.h>
#include <zephyr/sys/fdtable.h>

#include "net.h"

/* Zephyr's own sockets, and not those of a driver with a stack of its own. */
extern const struct socket_op_vtable sock_fd_op_vtable;

static struct net_context *context_of(int fd)
{
	return zvfs_get_fd_obj(fd, (const struct fd_op_vtable *)&sock_fd_op_vtable, EBADF);
}

static bool is_gone(int fd)
{
	struct net_context *context = context_of(fd);

	/* One of an interface that has a stack of its own was never there. */
	return context != NULL && net_context_get_type(context) == NET_SOCK_STREAM &&
	       context->tcp == NULL &&
	       !(IS_ENABLED(CONFIG_NET_OFFLOAD) &&
		 net_if_is_ip_offloaded(net_context_get_iface(context)));
}

static bool is_any_written(const struct zsock_pollfd *polled, int count)
{
	for (int i = 0; i < count; i++) {
		if ((polled[i].events & ZSOCK_POLLOUT) != 0) {
			return true;
		}
	}
	return false;
}

/* Whether one has waited until nobody is in a call of a socket any more. */
static bool has_waited(int fd)
{
	const struct fd_op_vtable *vtable;
	struct k_mutex *lock;

	if (zvfs_get_fd_obj_and_vtable(fd, &vtable, &lock) == NULL || lock->owner == NULL) {
		return false;
	}
	(void)k_mutex_lock(lock, K_FOREVER);
	(void)k_mutex_unlock(lock);
	return true;
}

/* Locks the scheduler, so that the thread of Zephyr's by which a connection goes does not come in
 * between a look and what follows, up to where that waits: who waits lets others go on. That is
 * not for the lock of a socket, of which nobody is in a call. */
static void lock_scheduler(const struct zsock_pollfd *polled, int count)
{
	int i = 0;

	k_sched_lock();
	while (i < count) {
		i = has_waited(polled[i].fd) ? 0 : i + 1;
	}
}

int zephyr_wasm_net_poll_once(struct zsock_pollfd *polled, int count, int milliseconds)
{
	int ready;

	if (!is_any_written(polled, count)) {
		return zsock_poll(polled, count, milliseconds);
	}
	lock_scheduler(polled, count);
	for (int i = 0; i < count; i++) {
		if ((polled[i].events & ZSOCK_POLLOUT) != 0 && is_gone(polled[i].fd)) {
			/* It is over, which is told in any case. */
			polled[i].events &= ~ZSOCK_POLLOUT;
		}
	}
	ready = zsock_poll(polled, count, milliseconds);
	k_sched_unlock();
	return ready;
}

int zephyr_wasm_net_own_address(int fd, struct net_sockaddr *address, net_socklen_t *length)
{
	const struct zsock_pollfd only = {.fd = fd};
	int result = -1;

	lock_scheduler(&only, 1);
	if (is_gone(fd)) {
		errno = ENOTCONN;
	} else {
		result = zsock_getsockname(fd, address, length);
	}
	k_sched_unlock();
	return result;
}

void zephyr_wasm_net_settle(int fd)
{
	const struct zsock_pollfd only = {.fd = fd};
	const struct net_context *context;
	int unused;
	net_socklen_t length = sizeof(unused);

	lock_scheduler(&only, 1);
	context = context_of(fd);
	/* Nor is one that was never there, of an interface with a stack of its own. */
	if (context != NULL && context->tcp != NULL) {
		/* With the connection's lock, which that thread has until it is done. */
		(void)zsock_getsockopt(fd, NET_IPPROTO_TCP, ZSOCK_TCP_NODELAY, &unused, &length);
	}
	k_sched_unlock();
}
