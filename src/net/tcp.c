/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Drops packets of TCP that Zephyr's stack would fault on.
 *
 * Zephyr's TCP divides by how much it sends at once, which is what a peer says that it takes at
 * once: nothing, say, as one acknowledges what was sent twice. Of a packet of IPv4 that says that
 * it ends before the addresses of its header, it makes the checksum of what is at address NULL.
 * Either is a fault in the thread that receives. So who says that it takes less at once than
 * anybody does is not heard, nor is what ends before a header of TCP, or has another where it is
 * looked for later (udp.c). Nor is what comes for a group, which no connection is with: Zephyr
 * takes one for it where it has a lock that whoever gives one back waits for (arrivals.c). That is
 * for all of the image that has a connection (-Wl,--wrap).
 */

#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>
#include <zephyr/sys/byteorder.h>

#include "net.h"

struct net_tcp_hdr *__real_net_tcp_input(struct net_pkt *packet,
					 struct net_pkt_data_access *access);
struct net_tcp_hdr *__wrap_net_tcp_input(struct net_pkt *packet,
					 struct net_pkt_data_access *access);

/* Of a header: its size without options, the most of these, and where it says how many words it
 * is. */
#define HEADER_SIZE  20
#define OPTIONS_MOST 40
#define SIZE_OFFSET  12

/* The least that anybody takes at once; Linux, too, sends no less. */
#define SEGMENT_LEAST 48

enum option {
	OPTION_END,
	OPTION_NONE,
	OPTION_SEGMENT,
};

/* Goes through options as Zephyr does, up to what is none. */
static bool are_tiny(const uint8_t *options, size_t size)
{
	size_t at = 0;

	while (at < size && options[at] != OPTION_END) {
		size_t length = 1;

		if (options[at] != OPTION_NONE) {
			length = at + 1 < size ? options[at + 1] : 0;
			if (length < 2 || length > size - at) {
				return false;
			}
			if (options[at] == OPTION_SEGMENT && length == 4 &&
			    sys_get_be16(&options[at + 2]) < SEGMENT_LEAST) {
				return true;
			}
		}
		at += length;
	}
	return false;
}

static bool is_harmful(struct net_pkt *packet)
{
	const size_t before = net_pkt_ip_hdr_len(packet) + net_pkt_ip_opts_len(packet);
	uint8_t options[OPTIONS_MOST];
	struct net_pkt_cursor at;
	bool harms = true;
	uint8_t words;
	size_t size;

	if (zephyr_wasm_net_is_to_group(packet) || net_pkt_get_len(packet) < before + HEADER_SIZE ||
	    (net_pkt_family(packet) == NET_AF_INET6 &&
	     net_pkt_get_current_offset(packet) != before)) {
		return true;
	}
	net_pkt_cursor_backup(packet, &at);
	net_pkt_cursor_init(packet);
	net_pkt_set_overwrite(packet, true);
	if (net_pkt_skip(packet, before + SIZE_OFFSET) == 0 &&
	    net_pkt_read_u8(packet, &words) == 0 &&
	    net_pkt_skip(packet, HEADER_SIZE - SIZE_OFFSET - 1) == 0) {
		size = (words >> 4) * sizeof(uint32_t);
		/* Zephyr reads none that are not all there. */
		harms = size > HEADER_SIZE &&
			net_pkt_read(packet, options, size - HEADER_SIZE) == 0 &&
			are_tiny(options, size - HEADER_SIZE);
	}
	net_pkt_cursor_restore(packet, &at);
	return harms;
}

struct net_tcp_hdr *__wrap_net_tcp_input(struct net_pkt *packet, struct net_pkt_data_access *access)
{
	return is_harmful(packet) ? NULL : __real_net_tcp_input(packet, access);
}
