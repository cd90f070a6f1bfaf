/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Keeps host APIs from using a TCP connection that Zephyr has dropped while its socket still
 * exists.
 *
 * Two timers of a connection may both end it, or one timer and a reset of its peer: after the peer
 * has closed its side and is not heard of any more, for example. Zephyr drops a reference each
 * time, and the second reference is that of the socket. After that, getsockname(), and poll() for
 * POLLOUT, read the connection through a NULL pointer, in the kernel. So they are not called then.
 */

#include <errno.h>

#include <zephyr/net/net_context.h>
#include <zephyr/sys/fdtable.h>

#include "net.h"

/* Sockets of Zephyr's own stack, and not of a driver that has its own. */
extern const struct socket_op_vtable sock_fd_op_vtable;

static struct net_context *context_of(int fd)
{
	return zvfs_get_fd_obj(fd, (const struct fd_op_vtable *)&sock_fd_op_vtable, EBADF);
}

static bool is_gone(int fd)
{
	struct net_context *context = context_of(fd);

	/* A socket of an interface with its own stack never has a connection here. */
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

/* Waits until no call uses a socket. Returns whether that was necessary. */
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

/* Locks the scheduler, so that Zephyr's thread that drops connections does not run between a check
 * and the call after it. That holds up to where the call waits, because a thread that waits lets
 * others run. It does not wait for the locks of these sockets: no call uses one of them then. */
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
			/* poll() reports the end of a connection in any case. */
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
	/* A socket of an interface with its own stack has none. */
	if (context != NULL && context->tcp != NULL) {
		/* This takes the connection's lock, which Zephyr's thread holds until it is done.
		 */
		(void)zsock_getsockopt(fd, NET_IPPROTO_TCP, ZSOCK_TCP_NODELAY, &unused, &length);
	}
	k_sched_unlock();
}
