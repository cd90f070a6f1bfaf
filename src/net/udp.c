/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Drops IPv6 packets whose UDP header Zephyr would find at two places.
 *
 * Zephyr skips an option of IPv6 by the option's own length, also beyond the end of its extension
 * header, and reads the UDP or TCP header there. Where it looks for that header later, as it does
 * for each segment of a connection, and as buffers.c does to find a packet's socket, it skips the
 * length of the extension header. So a packet could be given to one socket, and be counted for
 * another or for none. Such a packet is dropped.
 *
 * The guard acts on all of the image that has IPv6 (-Wl,--wrap). UDP is handled here, and TCP in
 * tcp.c.
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
