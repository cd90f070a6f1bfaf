/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Drops TCP packets that Zephyr's stack would fault on.
 *
 * - Zephyr divides by the size of a segment, which it takes from the peer's maximum segment size. A
 *   peer can say 0, for example as it acknowledges data that was sent twice. So a packet with a
 *   size below that of any real peer is dropped.
 * - The length in an IPv4 header may end before the header's addresses. Then Zephyr computes the
 *   checksum over memory at address NULL. So a packet that ends before its TCP header is dropped.
 * - A packet with its TCP header at two places is dropped; udp.c says why.
 * - A packet to a group (multicast) is dropped. No connection is with a group, but Zephyr accepts
 *   one, and holds a lock meanwhile for which a thread waits that closes a connection (arrivals.c).
 *
 * The first two are faults in the thread that receives. The guard acts on all of the image that has
 * TCP (-Wl,--wrap).
 */

#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>
#include <zephyr/sys/byteorder.h>

#include "net.h"

struct net_tcp_hdr *__real_net_tcp_input(struct net_pkt *packet,
					 struct net_pkt_data_access *access);
struct net_tcp_hdr *__wrap_net_tcp_input(struct net_pkt *packet,
					 struct net_pkt_data_access *access);

/* Of a TCP header: its size without options, the largest size of the options, and the offset of the
 * byte whose upper half is the header's size in words. */
#define HEADER_SIZE  20
#define OPTIONS_MOST 40
#define SIZE_OFFSET  12

/* The least segment size of any real peer. Linux sends no less, either. */
#define SEGMENT_LEAST 48

enum option {
	OPTION_END,
	OPTION_NONE,
	OPTION_SEGMENT,
};

/* Whether the options have a segment size that is too small. Reads them as Zephyr does, up to the
 * first that is malformed. */
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
		/* Zephyr does not read options of which a part is missing. */
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
