/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Guards Zephyr's stack against what neighbours on an IPv6 link, or apps that send to them, can do
 * to it.
 *
 * Packets that wait for an address: Zephyr 4.2.99 to 4.4.0 have a queue for each neighbour, of
 * packets that wait for its link address. For each packet but the first they lose a buffer for
 * sending, that of a neighbour solicitation, which is sent only once. So whoever sends to a
 * neighbour that does not answer uses up all of these buffers, for ever: an app, or the board
 * itself as it is pinged. Here, one packet waits for a neighbour, and others to it are dropped
 * meanwhile.
 *
 * Router advertisements: as one arrives, Zephyr sends the packets that wait for the router, and
 * leaves one reference too many. If the advertisement does not have the router's link address, each
 * packet is put into the queue again, by a loop that runs until the queue is empty. So the queue is
 * emptied before.
 *
 * MTU: Zephyr believes an advertised MTU of up to 65,535 bytes, and drivers copy what is sent to a
 * buffer of the size of their link's frames. So the MTU is read as no more than that of the
 * interface.
 *
 * Origin: Zephyr does not check whether messages about neighbours and routers have come from the
 * link. Through a router, anybody could send them. Here they are dropped unless they come from the
 * link.
 *
 * The guards act on all of the image (-Wl,--wrap).
 */

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/net/net_if.h>
#include <zephyr/net/net_pkt.h>
#include <zephyr/sys/byteorder.h>

#include <zephyr_wasm/net_names.h>

#include "ipv6.h"
#include "route.h"

enum net_verdict __real_net_ipv6_prepare_for_send(struct net_pkt *packet);
enum net_verdict __wrap_net_ipv6_prepare_for_send(struct net_pkt *packet);
struct net_if_router *__real_net_if_ipv6_router_lookup(struct net_if *interface,
						       const struct net_in6_addr *address);
struct net_if_router *__wrap_net_if_ipv6_router_lookup(struct net_if *interface,
						       const struct net_in6_addr *address);
int __real_net_icmp_call_ipv6_handlers(struct net_pkt *packet, struct net_ipv6_hdr *ip,
				       struct net_icmp_hdr *icmp);
int __wrap_net_icmp_call_ipv6_handlers(struct net_pkt *packet, struct net_ipv6_hdr *ip,
				       struct net_icmp_hdr *icmp);

/* The size of an option is a multiple of this. The MTU option has this size, and its value is in
 * the second half. */
#define OPTION_SIZE 8

/* Where Zephyr may find the next option: after a 6LoWPAN context option, at any word. */
#define OPTION_STEP (IS_ENABLED(CONFIG_NET_6LO_CONTEXT) ? 2 : OPTION_SIZE)

/* The next hop of a packet, found as Zephyr does. */
static struct net_in6_addr next_to(struct net_in6_addr *destination)
{
	struct net_in6_addr *next = NULL;
	struct net_if_router *router;
	struct net_route_entry *route;

	if (net_if_ipv6_addr_onlink(NULL, destination) || net_ipv6_is_ll_addr(destination)) {
		return *destination;
	}
	route = net_route_lookup(NULL, destination);
	if (route != NULL) {
		next = net_route_get_nexthop(route);
	} else {
		router = net_if_ipv6_router_find_default(NULL, destination);
		if (router != NULL) {
			next = &router->address.in6_addr;
		}
	}
	return next == NULL ? *destination : *next;
}

/* Whether a packet already waits for the link address of the next hop. */
static bool is_awaited(struct net_in6_addr *destination)
{
	struct net_in6_addr next = next_to(destination);
	struct net_nbr *neighbour;
	bool waits;

	net_ipv6_nbr_lock();
	neighbour = net_ipv6_nbr_lookup(NULL, &next);
	waits = neighbour != NULL && neighbour->idx == NET_NBR_LLADDR_UNKNOWN &&
		!k_fifo_is_empty(&net_ipv6_nbr_data(neighbour)->pending_queue);
	net_ipv6_nbr_unlock();
	return waits;
}

enum net_verdict __wrap_net_ipv6_prepare_for_send(struct net_pkt *packet)
{
	struct net_in6_addr destination;
	enum net_verdict verdict = NET_DROP;

	net_ipv6_addr_copy_raw(destination.s6_addr, NET_IPV6_HDR(packet)->dst);
	if (net_ipv6_is_addr_mcast(&destination)) {
		return __real_net_ipv6_prepare_for_send(packet);
	}
	/* So that no other thread runs in between. A mutex would not do: Zephyr's thread would wait
	 * for it with the lock of the interface, for which the owner of the mutex would wait here.
	 */
	k_sched_lock();
	if (!is_awaited(&destination)) {
		verdict = __real_net_ipv6_prepare_for_send(packet);
	}
	k_sched_unlock();
	return verdict;
}

/* Zephyr calls this for router advertisements only, and before it sends what waits for the router.
 */
struct net_if_router *__wrap_net_if_ipv6_router_lookup(struct net_if *interface,
						       const struct net_in6_addr *address)
{
	struct net_in6_addr whose = *address;
	struct net_nbr *neighbour;
	struct net_pkt *packet;

	net_ipv6_nbr_lock();
	neighbour = net_ipv6_nbr_lookup(interface, &whose);
	while (neighbour != NULL &&
	       (packet = k_fifo_get(&net_ipv6_nbr_data(neighbour)->pending_queue, K_NO_WAIT)) !=
		       NULL) {
		/* One reference is the queue's, and one the sender's. */
		net_pkt_unref(packet);
		net_pkt_unref(packet);
	}
	net_ipv6_nbr_unlock();
	return __real_net_if_ipv6_router_lookup(interface, address);
}

/* Lowers the MTU in a router advertisement to that of the interface. */
static void bound_link(struct net_pkt *packet)
{
	const uint32_t most = MAX(net_if_get_mtu(net_pkt_iface(packet)), NET_IPV6_MTU);
	const bool was_overwritten = net_pkt_is_being_overwritten(packet);
	uint8_t option[OPTION_SIZE];
	struct net_pkt_cursor before;
	struct net_pkt_cursor at;
	int result;

	net_pkt_cursor_backup(packet, &before);
	net_pkt_set_overwrite(packet, true);
	result = net_pkt_skip(packet, sizeof(struct net_icmpv6_ra_hdr));
	while (result == 0) {
		net_pkt_cursor_backup(packet, &at);
		result = net_pkt_read(packet, option, sizeof(option));
		if (result == 0 && option[0] == NET_ICMPV6_ND_OPT_MTU &&
		    sys_get_be32(&option[OPTION_SIZE / 2]) > most) {
			sys_put_be32(most, &option[OPTION_SIZE / 2]);
			net_pkt_cursor_restore(packet, &at);
			result = net_pkt_write(packet, option, sizeof(option));
		}
		if (result == 0) {
			net_pkt_cursor_restore(packet, &at);
			result = net_pkt_skip(packet, OPTION_STEP);
		}
	}
	net_pkt_set_overwrite(packet, was_overwritten);
	net_pkt_cursor_restore(packet, &before);
}

/* Messages about neighbours and routers have the largest hop limit, which no packet has any more
 * that came through a router. */
int __wrap_net_icmp_call_ipv6_handlers(struct net_pkt *packet, struct net_ipv6_hdr *ip,
				       struct net_icmp_hdr *icmp)
{
	if (IN_RANGE(icmp->type, NET_ICMPV6_RS, NET_ICMPV6_NA) &&
	    ip->hop_limit != NET_IPV6_ND_HOP_LIMIT) {
		return -ENOENT;
	}
	if (icmp->type == NET_ICMPV6_RA) {
		bound_link(packet);
	}
	return __real_net_icmp_call_ipv6_handlers(packet, ip, icmp);
}
