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

#include "slow.h"

static int start(const struct device *device)
{
	ARG_UNUSED(device);
	return 0;
}

static void begin(struct net_if *interface)
{
	static uint8_t link[] = {0x00, 0x00, 0x5e, 0x00, 0x53, 0x01};
	const struct in_addr mask = {{{255, 255, 255, 0}}};
	const struct in_addr own = {{{192, 0, 2, 1}}};

	(void)net_if_set_link_addr(interface, link, sizeof(link), NET_LINK_DUMMY);
	(void)net_if_ipv4_addr_add(interface, (struct in_addr *)&own, NET_ADDR_MANUAL, 0);
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

	if (NET_IPV4_HDR(packet)->proto != IPPROTO_TCP) {
		return false;
	}
	port = sys_get_be16(&TCP(packet)[2]);
	return port == cut_off || (port == PORT_OF_NOBODY && TCP(packet)[13] != 0x02);
}

/* Makes of what begins a connection what takes it. */
static void take_connection(struct net_pkt *packet)
{
	const uint8_t *addresses = (const uint8_t *)NET_IPV4_HDR(packet) + 12;
	size_t size = ntohs(NET_IPV4_HDR(packet)->len) - NET_IPV4H_LEN;
	uint8_t *tcp = TCP(packet);
	uint32_t sum = IPPROTO_TCP + size;

	sys_put_be16(sys_get_be16(tcp), &tcp[2]);
	sys_put_be16(PORT_OF_NOBODY, tcp);
	sys_put_be32(sys_get_be32(&tcp[4]) + 1, &tcp[8]);
	sys_put_be32(1, &tcp[4]);
	tcp[13] = 0x12;
	sys_put_be16(0, &tcp[16]);
	for (size_t i = 0; i < 8; i += 2) {
		sum += sys_get_be16(&addresses[i]);
	}
	for (size_t i = 0; i + 1 < size; i += 2) {
		sum += sys_get_be16(&tcp[i]);
	}
	sum = (sum & UINT16_MAX) + (sum >> 16);
	sys_put_be16((uint16_t)~(sum + (sum >> 16)), &tcp[16]);
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
	if (NET_IPV4_HDR(back)->proto == IPPROTO_TCP &&
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
