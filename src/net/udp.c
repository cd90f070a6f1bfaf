/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Drops packets of IPv6 whose header of UDP Zephyr would find in two places.
 *
 * Of options of IPv6, Zephyr skips as much as one says, also beyond the end of their header, and
 * takes what is there for the header of UDP or TCP. But where it looks for that once more, as it
 * does for each part of a connection, and as buffers.c does to know whose a packet is, it is
 * behind the options' header. So what came would be for one socket, and count as another's, who
 * may be nobody. What has its header in two places is dropped; that is for all of the image that
 * hears of IPv6 (-Wl,--wrap). Here is UDP, and TCP is in tcp.c.
 */

#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>

#include <zephyr_wasm/net_names.h>

struct net_udp_hdr *__real_net_udp_input(struct net_pkt *packet,
					 struct net_pkt_data_access *access);
struct net_udp_hdr *__wrap_net_udp_input(struct net_pkt *packet,
					 struct net_pkt_data_access *access);

struct net_udp_hdr *__wrap_net_udp_input(struct net_pkt *packet, struct net_pkt_data_access *access)
{
	const size_t before = net_pkt_ip_hdr_len(packet) + net_pkt_ip_opts_len(packet);

	if (net_pkt_family(packet) == NET_AF_INET6 &&
	    net_pkt_get_current_offset(packet) != before) {
		return NULL;
	}
	return __real_net_udp_input(packet, access);
}
