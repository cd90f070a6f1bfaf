/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * For Zephyr 4.4 and later without CONFIG_NET_NAMESPACE_COMPAT_MODE: include/zephyr/net/net_ip.h
 * (lines 36 to 330) and socket.h, whose names have a prefix, and net_compat.h (all of it), which is
 * not there. What Zephyr's headers declare here gets those names; the old ones are gone for what
 * comes after.
 */

#ifndef SHIMS_NET_4_4_H_
#define SHIMS_NET_4_4_H_

#define sockaddr         net_sockaddr
#define sockaddr_in      net_sockaddr_in
#define sockaddr_in6     net_sockaddr_in6
#define sockaddr_storage net_sockaddr_storage
#define in_addr          net_in_addr
#define in6_addr         net_in6_addr
#define socklen_t        net_socklen_t
#define sa_family_t      net_sa_family_t
#define SOCK_STREAM      NET_SOCK_STREAM
#define SOCK_DGRAM       NET_SOCK_DGRAM
#define IPPROTO_TCP      NET_IPPROTO_TCP
#define IPPROTO_UDP      NET_IPPROTO_UDP

#include <zephyr/net/coap.h>
#include <zephyr/net/coap_service.h>
#include <zephyr/net/http/parser.h>
#include <zephyr/net/icmp.h>
#include <zephyr/net/net_context.h>
#include <zephyr/net/net_if.h>
#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>
#include <zephyr/net/net_pkt_filter.h>
#include <zephyr/net/socket.h>

/* The stack's own, which src/net/arrivals.c, buffers.c, dns.c, neighbours.c and
 * room.c include. */
#include "connection.h"
#include "dns_pack.h"
#include "ipv6.h"
#include "route.h"
#include "tcp_internal.h"

#undef sockaddr
#undef sockaddr_in
#undef sockaddr_in6
#undef sockaddr_storage
#undef in_addr
#undef in6_addr
#undef socklen_t
#undef sa_family_t
#undef SOCK_STREAM
#undef SOCK_DGRAM
#undef IPPROTO_TCP
#undef IPPROTO_UDP

/* What Zephyr 4.4 calls the member of its addresses, too; here it has got the structure's name. */
#define in6_addr net_in6_addr

/* Macros have their values, and then go. */
enum {
	SHIM_SOL_SOCKET = SOL_SOCKET,
	SHIM_SO_ERROR = SO_ERROR,
	SHIM_SO_RCVTIMEO = SO_RCVTIMEO,
	SHIM_SO_SNDTIMEO = SO_SNDTIMEO,
	SHIM_TCP_NODELAY = TCP_NODELAY,
	SHIM_AI_NUMERICHOST = AI_NUMERICHOST,
};

#define NET_AF_UNSPEC 0
#define NET_AF_INET   1
#define NET_AF_INET6  2

BUILD_ASSERT(NET_AF_UNSPEC == AF_UNSPEC && NET_AF_INET == AF_INET && NET_AF_INET6 == AF_INET6);

#define net_htons(x)         sys_cpu_to_be16(x)
#define net_htonl(x)         sys_cpu_to_be32(x)
#define net_ntohs(x)         sys_be16_to_cpu(x)
#define net_ntohl(x)         sys_be32_to_cpu(x)
#define ZSOCK_SOL_SOCKET     SHIM_SOL_SOCKET
#define ZSOCK_SO_ERROR       SHIM_SO_ERROR
#define ZSOCK_SO_RCVTIMEO    SHIM_SO_RCVTIMEO
#define ZSOCK_SO_SNDTIMEO    SHIM_SO_SNDTIMEO
#define ZSOCK_TCP_NODELAY    SHIM_TCP_NODELAY
#define ZSOCK_AI_NUMERICHOST SHIM_AI_NUMERICHOST

#undef AF_UNSPEC
#undef AF_INET
#undef AF_INET6
#undef htons
#undef htonl
#undef ntohs
#undef ntohl
#undef SOL_SOCKET
#undef SO_ERROR
#undef SO_RCVTIMEO
#undef SO_SNDTIMEO
#undef TCP_NODELAY
#undef AI_NUMERICHOST

#endif /* SHIMS_NET_4_4_H_ */
