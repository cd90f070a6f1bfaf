/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What comes for a group (multicast). Zephyr gives a copy of it to each socket of UDP at its port,
 * with the lock of the list of all of them, and waits there for the socket's. Who closes a socket
 * has that one, and waits for the other: neither goes on any more, the thread that receives
 * included, so that the board hears nothing until it is reset, and who closes cannot be ended. It
 * takes one packet of anybody on the link at that moment, of the server that an app has just asked,
 * say. So a socket that somebody is in a call of does not hear what comes for a group then, as if
 * it were lost on its way; that is for all of the image (-Wl,--wrap). In TCP, there are no groups
 * (net_tcp.c).
 */

#include <zephyr/kernel.h>
#include <zephyr/net/net_context.h>
#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>

#include "connection.h"
#include "net.h"

/* What Zephyr has all that comes for a socket of UDP come to. */
enum net_verdict net_context_packet_received(struct net_conn *connection, struct net_pkt *packet,
					     union net_ip_header *ip,
					     union net_proto_header *header, void *user_data);

int __real_net_conn_register(uint16_t protocol, enum net_sock_type type, uint8_t family,
			     const struct net_sockaddr *remote, const struct net_sockaddr *local,
			     uint16_t remote_port, uint16_t local_port, struct net_context *context,
			     net_conn_cb_t asked, void *user_data, struct net_conn_handle **handle);
int __wrap_net_conn_register(uint16_t protocol, enum net_sock_type type, uint8_t family,
			     const struct net_sockaddr *remote, const struct net_sockaddr *local,
			     uint16_t remote_port, uint16_t local_port, struct net_context *context,
			     net_conn_cb_t asked, void *user_data, struct net_conn_handle **handle);
int __real_net_conn_update(struct net_conn_handle *handle, net_conn_cb_t asked, void *user_data,
			   const struct net_sockaddr *remote, uint16_t remote_port,
			   const struct net_sockaddr *local, uint16_t local_port);
int __wrap_net_conn_update(struct net_conn_handle *handle, net_conn_cb_t asked, void *user_data,
			   const struct net_sockaddr *remote, uint16_t remote_port,
			   const struct net_sockaddr *local, uint16_t local_port);

/* Gives a packet to a socket, with both of its locks if nobody has them: who asks for them once
 * more has them. */
static enum net_verdict take_if_free(struct net_conn *connection, struct net_pkt *packet,
				     union net_ip_header *ip, union net_proto_header *header,
				     void *user_data)
{
	struct net_context *context = connection->context;
	struct k_mutex *of_calls;
	enum net_verdict verdict = NET_DROP;

	if (k_mutex_lock(&context->lock, K_NO_WAIT) != 0) {
		return NET_DROP;
	}
	of_calls = context->cond.lock;
	if (of_calls == NULL || k_mutex_lock(of_calls, K_NO_WAIT) == 0) {
		verdict = net_context_packet_received(connection, packet, ip, header, user_data);
		if (of_calls != NULL) {
			(void)k_mutex_unlock(of_calls);
		}
	}
	(void)k_mutex_unlock(&context->lock);
	return verdict;
}

static enum net_verdict take(struct net_conn *connection, struct net_pkt *packet,
			     union net_ip_header *ip, union net_proto_header *header,
			     void *user_data)
{
	return zephyr_wasm_net_is_to_group(packet)
		       ? take_if_free(connection, packet, ip, header, user_data)
		       : net_context_packet_received(connection, packet, ip, header, user_data);
}

static net_conn_cb_t instead_of(net_conn_cb_t asked)
{
	return asked == net_context_packet_received ? take : asked;
}

int __wrap_net_conn_register(uint16_t protocol, enum net_sock_type type, uint8_t family,
			     const struct net_sockaddr *remote, const struct net_sockaddr *local,
			     uint16_t remote_port, uint16_t local_port, struct net_context *context,
			     net_conn_cb_t asked, void *user_data, struct net_conn_handle **handle)
{
	return __real_net_conn_register(protocol, type, family, remote, local, remote_port,
					local_port, context, instead_of(asked), user_data, handle);
}

int __wrap_net_conn_update(struct net_conn_handle *handle, net_conn_cb_t asked, void *user_data,
			   const struct net_sockaddr *remote, uint16_t remote_port,
			   const struct net_sockaddr *local, uint16_t local_port)
{
	return __real_net_conn_update(handle, instead_of(asked), user_data, remote, remote_port,
				      local, local_port);
}
