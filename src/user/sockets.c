/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Refuses Zephyr's own system calls for sockets to apps in user mode. By them, an app could reach
 * any peer. Apps have zephyr:sockets and other host APIs, which check the grants.
 */

#include <errno.h>

#include <zephyr/internal/syscall_handler.h>
#include <zephyr/net/socket.h>

#include "core/thread.h"
#include "net/net.h"

static bool is_an_apps_own(int family, int type, int protocol)
{
	ARG_UNUSED(family);
	ARG_UNUSED(type);
	ARG_UNUSED(protocol);
	/* Calls that a host API makes are no system calls of the app: gate.c, AS_THE_KERNEL(). */
	return k_is_in_user_syscall() && zephyr_wasm_current() != NULL;
}

static int refuse(int family, int type, int protocol)
{
	ARG_UNUSED(family);
	ARG_UNUSED(type);
	ARG_UNUSED(protocol);
	K_OOPS(true);
	errno = EPERM;
	return -1;
}

/* The first priority: before all other implementations of sockets. */
NET_SOCKET_REGISTER(zephyr_wasm_refused, 0, NET_AF_UNSPEC, is_an_apps_own, refuse);

void zephyr_wasm_net_hide(int fd)
{
	const void *object = zsock_get_context_object(fd);

	if (object != NULL) {
		k_object_access_revoke(object, k_current_get());
	}
}
