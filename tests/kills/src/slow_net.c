/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A network interface as slow as the other drivers: what is sent to 192.0.2.x comes back as from
 * there. At TCP's port 84 is somebody who takes connections, and is not heard of again.
 */

#include <errno.h>

#include <zephyr/net/dummy.h>
#include <zephyr/net/net_if.h>
#include <zephyr/net/net_pkt.h>
#include <zephyr/sys/byteorder.h>

#include <zephyr_wasm/net_names.h>

#include "slow.h"

static int start(const struct device *device)
{
	ARG_UNUSED(device);
	return 0;
}

static void begin(struct net_if *interface)
{
	static uint8_t link[] = {0x00, 0x00, 0x5e, 0x00, 0x53, 0x01};
	const struct net_in_addr mask = {{{255, 255, 255, 0}}};
	const struct net_in_addr own = {{{192, 0, 2, 1}}};

	(void)net_if_set_link_addr(interface, link, sizeof(link), NET_LINK_DUMMY);
	(void)net_if_ipv4_addr_add(interface, (struct net_in_addr *)&own, NET_ADDR_MANUAL, 0);
	(void)net_if_ipv4_set_netmask_by_addr(interface, &own, &mask);
}

#define PORT_OF_NOBODY 84
#define TCP(packet)    ((uint8_t *)NET_IPV4_HDR(packet) + NET_IPV4H_LEN)

static volatile uint16_t cut_off;

void slow_net_cut_off(uint16_t port)
{
	cut_off = port;
}

static bool is_lost(struct net_pkt *packet)
{
	uint16_t port;

	if (NET_IPV4_HDR(packet)->proto != NET_IPPROTO_TCP) {
		return false;
	}
	port = sys_get_be16(&TCP(packet)[2]);
	return port == cut_off || (port == PORT_OF_NOBODY && TCP(packet)[13] != 0x02);
}

/* Checksums of the Internet, and where they are in its headers. */
#define IPV4_SUM 10
#define TCP_SUM  16
#define UDP_SUM  6

static void put_sum(uint8_t *place, uint32_t sum)
{
	sum = (sum & UINT16_MAX) + (sum >> 16);
	sys_put_be16((uint16_t)~(sum + (sum >> 16)), place);
}

static uint32_t sum_of(const uint8_t *bytes, size_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < size; i += 2) {
		sum += sys_get_be16(&bytes[i]);
	}
	return sum;
}

/* Of a header of TCP or UDP, and what is behind it. */
static void put_inner_sum(uint8_t protocol, size_t place, uint8_t *header, size_t size,
			  const uint8_t *addresses)
{
	sys_put_be16(0, &header[place]);
	put_sum(&header[place], protocol + size + sum_of(addresses, 8) + sum_of(header, size));
}

/* Makes of what begins a connection what takes it. */
static void take_connection(struct net_pkt *packet)
{
	const uint8_t *addresses = (const uint8_t *)NET_IPV4_HDR(packet) + 12;
	size_t size = net_ntohs(NET_IPV4_HDR(packet)->len) - NET_IPV4H_LEN;
	uint8_t *tcp = TCP(packet);

	sys_put_be16(sys_get_be16(tcp), &tcp[2]);
	sys_put_be16(PORT_OF_NOBODY, tcp);
	sys_put_be32(sys_get_be32(&tcp[4]) + 1, &tcp[8]);
	sys_put_be32(1, &tcp[4]);
	tcp[13] = 0x12;
	put_inner_sum(NET_IPPROTO_TCP, TCP_SUM, tcp, size, addresses);
}

static int send(const struct device *device, struct net_pkt *packet)
{
	struct net_pkt *back;
	int result;

	ARG_UNUSED(device);
	(void)slow_transfer();
	if (is_lost(packet)) {
		return 0;
	}
	back = net_pkt_rx_clone(packet, K_MSEC(100));
	if (back == NULL) {
		return -ENOMEM;
	}
	net_ipv4_addr_copy_raw(NET_IPV4_HDR(back)->src, NET_IPV4_HDR(packet)->dst);
	net_ipv4_addr_copy_raw(NET_IPV4_HDR(back)->dst, NET_IPV4_HDR(packet)->src);
	if (NET_IPV4_HDR(back)->proto == NET_IPPROTO_TCP &&
	    sys_get_be16(&TCP(back)[2]) == PORT_OF_NOBODY) {
		take_connection(back);
	}
	result = net_recv_data(net_pkt_iface(back), back);
	if (result < 0) {
		net_pkt_unref(back);
	}
	return result;
}

static struct dummy_api api = {.iface_api.init = begin, .send = send};

NET_DEVICE_INIT(slow_net, "slow", start, NULL, NULL, NULL, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT,
		&api, DUMMY_L2, NET_L2_GET_CTX_TYPE(DUMMY_L2), 1500);

/* Has come what has its headers already, but for their sums and how long it says that it is. */
static void receive(uint8_t *bytes, size_t size, uint16_t length)
{
	struct net_if *interface = net_if_lookup_by_dev(DEVICE_GET(slow_net));
	const uint8_t protocol = bytes[9];
	struct net_pkt *packet =
		net_pkt_rx_alloc_with_buffer(interface, size, NET_AF_UNSPEC, 0, K_SECONDS(1));

	sys_put_be16(length, &bytes[2]);
	put_sum(&bytes[IPV4_SUM], sum_of(bytes, NET_IPV4H_LEN));
	put_inner_sum(protocol, protocol == NET_IPPROTO_TCP ? TCP_SUM : UDP_SUM,
		      &bytes[NET_IPV4H_LEN], size - NET_IPV4H_LEN, &bytes[12]);
	if (packet != NULL &&
	    (net_pkt_write(packet, bytes, size) != 0 || net_recv_data(interface, packet) < 0)) {
		net_pkt_unref(packet);
	}
}

/* From 192.0.2.2 to an address. */
#define IPV4_HEADER(protocol, ...)                                                                 \
	0x45, 0, 0, 0, 0, 0, 0, 0, 64, protocol, 0, 0, 192, 0, 2, 2, __VA_ARGS__
#define TO_BOARD 192, 0, 2, 1

void slow_net_ask(uint16_t from, uint16_t to, uint8_t flags, uint16_t segment)
{
	uint8_t bytes[NET_IPV4H_LEN + 24] = {IPV4_HEADER(NET_IPPROTO_TCP, TO_BOARD)};
	size_t size = segment == 0 ? sizeof(bytes) - 4 : sizeof(bytes);
	uint8_t *tcp = &bytes[NET_IPV4H_LEN];

	sys_put_be16(from, tcp);
	sys_put_be16(to, &tcp[2]);
	/* In words. */
	tcp[12] = (size - NET_IPV4H_LEN) / 4 << 4;
	tcp[13] = flags;
	/* The window. */
	sys_put_be16(1000, &tcp[14]);
	/* The option that says how much it takes at once. */
	tcp[20] = 2;
	tcp[21] = 4;
	sys_put_be16(segment, &tcp[22]);
	receive(bytes, size, (uint16_t)size);
}

void slow_net_end_early(uint16_t length)
{
	uint8_t bytes[NET_IPV4H_LEN + 20] = {IPV4_HEADER(NET_IPPROTO_TCP, TO_BOARD)};

	receive(bytes, sizeof(bytes), length);
}

void slow_net_tell(bool is_group, uint16_t to, uint8_t byte)
{
	uint8_t bytes[NET_IPV4H_LEN + NET_UDPH_LEN + 2] = {IPV4_HEADER(NET_IPPROTO_UDP, TO_BOARD)};
	uint8_t *udp = &bytes[NET_IPV4H_LEN];

	if (is_group) {
		/* 224.0.0.1. */
		sys_put_be32(0xe0000001, udp - sizeof(uint32_t));
	}
	sys_put_be16(to, udp);
	sys_put_be16(to, &udp[2]);
	sys_put_be16(NET_UDPH_LEN + 2, &udp[4]);
	udp[NET_UDPH_LEN] = byte;
	receive(bytes, sizeof(bytes), sizeof(bytes));
}
