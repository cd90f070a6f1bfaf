/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A network interface as slow as the other drivers: what is sent to 192.0.2.x comes back as from
 * there.
 */

#include <errno.h>

#include <zephyr/net/dummy.h>
#include <zephyr/net/net_if.h>
#include <zephyr/net/net_pkt.h>

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

static int send(const struct device *device, struct net_pkt *packet)
{
	struct net_pkt *back;
	int result;

	ARG_UNUSED(device);
	(void)slow_transfer();
	back = net_pkt_rx_clone(packet, K_MSEC(100));
	if (back == NULL) {
		return -ENOMEM;
	}
	net_ipv4_addr_copy_raw(NET_IPV4_HDR(back)->src, NET_IPV4_HDR(packet)->dst);
	net_ipv4_addr_copy_raw(NET_IPV4_HDR(back)->dst, NET_IPV4_HDR(packet)->src);
	result = net_recv_data(net_pkt_iface(back), back);
	if (result < 0) {
		net_pkt_unref(back);
	}
	return result;
}

static struct dummy_api api = {.iface_api.init = begin, .send = send};

NET_DEVICE_INIT(slow_net, "slow", start, NULL, NULL, NULL, CONFIG_KERNEL_INIT_PRIORITY_DEFAULT,
		&api, DUMMY_L2, NET_L2_GET_CTX_TYPE(DUMMY_L2), 1500);
