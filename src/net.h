/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the APIs over Zephyr's sockets share.
 */

#ifndef ZEPHYR_WASM_NET_H_
#define ZEPHYR_WASM_NET_H_

#include <zephyr/net/socket.h>

#include "internal.h"

/** The longest name of a host, with the zero that ends it. */
#define ZEPHYR_WASM_HOST_NAME_SIZE 64

/** The longest path of a CoAP request, likewise. */
#define ZEPHYR_WASM_COAP_PATH_SIZE 64

/** An address between C and Rust: rust/platform-zephyr/src/net.rs. */
struct zephyr_wasm_address {
	uint8_t bytes[16];
	uint16_t port;
	bool is_ipv6;
};

/** Any address of a socket. */
union zephyr_wasm_sockaddr {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
	struct sockaddr_storage storage;
};

/** Returns the length of the address that it writes. */
socklen_t zephyr_wasm_to_sockaddr(const struct zephyr_wasm_address *address,
				  union zephyr_wasm_sockaddr *to);
void zephyr_wasm_from_sockaddr(const union zephyr_wasm_sockaddr *from,
			       struct zephyr_wasm_address *address);

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

/** Makes a socket that does not block, and is to be closed by zephyr_wasm_net_close(). */
int zephyr_wasm_net_socket(int family, int type, int protocol);

/** Makes a new socket that of a host API: its packets have no more of the board's buffers than
 * those of apps may, and apps in user mode do not reach it by Zephyr's own system calls. */
void zephyr_wasm_net_own(int fd);

/** Closes one of these. */
void zephyr_wasm_net_close(int fd);

/** Waits until apps may have buffers to send; FAILURE_TIMEOUT if that is not before @p end, or the
 * app is asked to end. */
int32_t zephyr_wasm_net_wait_for_room(k_timepoint_t end);

#ifdef CONFIG_WASM_NET_BUFFERS
/** How many bytes apps may send now, which is 0 if what is left is for the firmware. */
size_t zephyr_wasm_net_room(void);

void zephyr_wasm_net_watch(int fd);
void zephyr_wasm_net_unwatch(int fd);
#else
static inline size_t zephyr_wasm_net_room(void)
{
	return SIZE_MAX;
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
