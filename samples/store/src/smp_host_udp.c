/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * SMP over UDP for native_sim, by sockets of the machine that native_sim runs on. Zephyr's own
 * transport (CONFIG_MCUMGR_TRANSPORT_UDP), which the other boards of this sample have, waits inside
 * a call that holds the socket's lock, and there nothing can be sent meanwhile. This waits in
 * poll() instead.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/mgmt/mcumgr/mgmt/mgmt.h>
#include <zephyr/mgmt/mcumgr/smp/smp.h>
#include <zephyr/mgmt/mcumgr/transport/smp.h>
#include <zephyr/net/socket.h>
#include <zephyr/net_buf.h>

#include <zephyr_wasm/net_names.h>

#include <mgmt/mcumgr/transport/smp_internal.h>

LOG_MODULE_REGISTER(smp_host_udp);

#define PORT 1337
#define MTU  1024

BUILD_ASSERT(CONFIG_MCUMGR_TRANSPORT_NETBUF_USER_DATA_SIZE >= sizeof(struct net_sockaddr));

static struct smp_transport transport;
static int sock;

static int output(struct net_buf *packet)
{
	ssize_t sent = zsock_sendto(sock, packet->data, packet->len, 0, net_buf_user_data(packet),
				    sizeof(struct net_sockaddr));

	smp_packet_free(packet);
	return sent < 0 ? MGMT_ERR_EINVAL : MGMT_ERR_EOK;
}

static uint16_t get_mtu(const struct net_buf *packet)
{
	ARG_UNUSED(packet);
	return MTU;
}

static int copy_address(struct net_buf *to, const struct net_buf *from)
{
	memcpy(net_buf_user_data(to), net_buf_user_data(from), sizeof(struct net_sockaddr));
	return MGMT_ERR_EOK;
}

static void receive(void)
{
	static uint8_t bytes[MTU];
	struct net_sockaddr address;
	net_socklen_t length = sizeof(address);
	ssize_t size =
		zsock_recvfrom(sock, bytes, sizeof(bytes), ZSOCK_MSG_DONTWAIT, &address, &length);
	struct net_buf *packet = size > 0 ? smp_packet_alloc() : NULL;

	/* The client asks again. */
	if (packet == NULL) {
		return;
	}
	net_buf_add_mem(packet, bytes, size);
	memcpy(net_buf_user_data(packet), &address, sizeof(address));
	smp_rx_req(&transport, packet);
}

static void serve(void *unused1, void *unused2, void *unused3)
{
	struct net_sockaddr_in address = {
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(PORT),
		.sin_addr.s_addr = net_htonl(NET_INADDR_ANY),
	};
	struct zsock_pollfd waiting = {.events = ZSOCK_POLLIN};

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	sock = zsock_socket(NET_AF_INET, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
	if (sock < 0 || zsock_bind(sock, (struct net_sockaddr *)&address, sizeof(address)) != 0) {
		LOG_ERR("port %d of the host cannot be had: error %d", PORT, errno);
		return;
	}
	waiting.fd = sock;
	transport.functions.output = output;
	transport.functions.get_mtu = get_mtu;
	transport.functions.ud_copy = copy_address;
	if (smp_transport_init(&transport) != 0) {
		return;
	}
	LOG_INF("serving UDP port %d", PORT);
	while (zsock_poll(&waiting, 1, -1) >= 0) {
		receive();
	}
}

K_THREAD_DEFINE(smp_host_udp, 8192, serve, NULL, NULL, NULL, 0, 0, 0);
