/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What waits for the address of a neighbour (IPv6). Zephyr 4.2.99 to 4.4.0 have a queue of that for
 * each neighbour, and lose a buffer to send with for each packet but the first: the question that
 * is asked once only. Who sends to a neighbour that does not answer, be it an app or the board as
 * it is pinged, so has all of these in the end, for ever. So one packet waits for a neighbour, and
 * no other is sent to it meanwhile (-Wl,--wrap).
 *
 * As a router says that it is there, what waits for it is sent, and loses a reference; or, where
 * it has not said its address, is put into the queue again, by a loop that goes on until that is
 * empty. So it is dropped before.
 */

#include <zephyr/kernel.h>
#include <zephyr/net/net_if.h>
#include <zephyr/net/net_pkt.h>

#include <zephyr_wasm/net_names.h>

#include "ipv6.h"
#include "route.h"

enum net_verdict __real_net_ipv6_prepare_for_send(struct net_pkt *packet);
enum net_verdict __wrap_net_ipv6_prepare_for_send(struct net_pkt *packet);
struct net_if_router *__real_net_if_ipv6_router_lookup(struct net_if *interface,
						       const struct net_in6_addr *address);
struct net_if_router *__wrap_net_if_ipv6_router_lookup(struct net_if *interface,
						       const struct net_in6_addr *address);

/* Who has a packet next, as Zephyr finds that. */
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

/* Whether something waits for the address of who has a packet next. */
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
	/* So that no other thread comes in between. A lock would be one that Zephyr's thread waits
	 * for with that of the interface, for which who has it would wait here. */
	k_sched_lock();
	if (!is_awaited(&destination)) {
		verdict = __real_net_ipv6_prepare_for_send(packet);
	}
	k_sched_unlock();
	return verdict;
}

/* It is asked for by what a router says only, before what waits is sent. */
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
		/* Of the queue, and of who has sent it. */
		net_pkt_unref(packet);
		net_pkt_unref(packet);
	}
	net_ipv6_nbr_unlock();
	return __real_net_if_ipv6_router_lookup(interface, address);
}
