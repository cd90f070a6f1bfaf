/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The network names of Zephyr 4.4, for earlier releases.
 *
 * From 4.4 on, these names have a prefix, and those that POSIX has, too, are available only with
 * CONFIG_NET_NAMESPACE_COMPAT_MODE. With this file, the new names can be used in all releases. It
 * can be removed together with support for 4.3.
 */

#ifndef ZEPHYR_WASM_NET_NAMES_H_
#define ZEPHYR_WASM_NET_NAMES_H_

#include <zephyr/net/net_ip.h>

/* A macro of the new names tells them apart, in snapshots between releases, too. */
#if !defined(NET_AF_INET)

#define NET_AF_UNSPEC AF_UNSPEC
#define NET_AF_INET   AF_INET
#define NET_AF_INET6  AF_INET6

#define NET_SOCK_STREAM SOCK_STREAM
#define NET_SOCK_DGRAM  SOCK_DGRAM

#define NET_IPPROTO_TCP IPPROTO_TCP
#define NET_IPPROTO_UDP IPPROTO_UDP

#define net_sockaddr         sockaddr
#define net_sockaddr_in      sockaddr_in
#define net_sockaddr_in6     sockaddr_in6
#define net_sockaddr_storage sockaddr_storage
#define net_in_addr          in_addr
#define net_in6_addr         in6_addr
#define net_socklen_t        socklen_t
#define net_sa_family_t      sa_family_t

#define net_htons(x) htons(x)
#define net_htonl(x) htonl(x)
#define net_ntohs(x) ntohs(x)
#define net_ntohl(x) ntohl(x)

#define NET_INADDR_ANY           INADDR_ANY
#define NET_INADDR_LOOPBACK_INIT INADDR_LOOPBACK_INIT

#define ZSOCK_SOL_SOCKET     SOL_SOCKET
#define ZSOCK_SO_ERROR       SO_ERROR
#define ZSOCK_SO_RCVTIMEO    SO_RCVTIMEO
#define ZSOCK_SO_SNDTIMEO    SO_SNDTIMEO
#define ZSOCK_TCP_NODELAY    TCP_NODELAY
#define ZSOCK_AI_NUMERICHOST AI_NUMERICHOST

#endif

#endif /* ZEPHYR_WASM_NET_NAMES_H_ */
