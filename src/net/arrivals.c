/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Guards against two ways in which Zephyr's stack stands still, and one in which it loses packets,
 * as a packet comes to a socket.
 *
 * How what has come gets to its socket, which somebody may be about to close.
 *
 * Zephyr looks whether a socket wants a packet, and then waits until nobody is in a call of it. If
 * that call has closed the socket, the packet is put where nobody looks any more: with each of
 * these, the board has one less to receive with, for ever. So it is looked at once the socket's
 * lock is there.
 *
 * What comes for a group (multicast), Zephyr gives to each socket of UDP at its port, with the lock
 * of the list of all of them, and waits there for the socket's. Who closes a socket has that one,
 * and waits for the other: neither goes on any more, the thread that receives included, so that the
 * board hears nothing until it is reset, and who closes cannot be ended. It takes one packet of
 * anybody on the link at that moment, of the server that an app has just asked, say. So a socket
 * that somebody is in a call of does not hear what comes for a group then, as if it were lost on
 * its way. In TCP, there are no groups (tcp.c).
 *
 * What is sent to an address of the board's own, Zephyr gives to its socket at once, on the thread
 * that sends, with the locks of the socket that it sends with. Two sockets of UDP that send to each
 * other would wait for each other likewise, and the thread that receives for both of them. So such
 * a datagram does not wait, either. What TCP has for the board itself, a thread of its own sends,
 * which has no socket's lock.
 *
 * All of this is for all of the image (-Wl,--wrap).
 */

#include <zephyr/kernel.h>
#include <zephyr/net/net_context.h>
#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>

#include "connection.h"
#include "net.h"

/* What Zephyr has all that comes for a socket come to: of TCP by this name, and of UDP as the
 * handlers of its sockets have it. */
enum net_verdict __real_net_context_packet_received(struct net_conn *connection,
						    struct net_pkt *packet, union net_ip_header *ip,
						    union net_proto_header *header,
						    void *user_data);
enum net_verdict __wrap_net_context_packet_received(struct net_conn *connection,
						    struct net_pkt *packet, union net_ip_header *ip,
						    union net_proto_header *header,
						    void *user_data);

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

/* Whether this thread is about to send it, and has locks that others may wait for. */
static bool is_being_sent(struct net_pkt *packet)
{
	struct net_context *sender = net_pkt_context(packet);

	return sender != NULL && sender->lock.owner == k_current_get() &&
	       net_context_get_proto(sender) == NET_IPPROTO_UDP;
}

/* With the lock of who is in a call of the socket, and then that of its context, as calls take
 * them. Who asks for one once more has it. */
enum net_verdict __wrap_net_context_packet_received(struct net_conn *connection,
						    struct net_pkt *packet, union net_ip_header *ip,
						    union net_proto_header *header, void *user_data)
{
	const bool waits = !zephyr_wasm_net_is_to_group(packet) && !is_being_sent(packet);
	struct net_context *context = connection->context;
	enum net_verdict verdict = NET_DROP;
	struct k_mutex *of_calls;

	/* A lock of one that is closed may be another's. */
	if (context == NULL || context->recv_cb == NULL) {
		return NET_DROP;
	}
	of_calls = context->cond.lock;
	if (of_calls != NULL && k_mutex_lock(of_calls, waits ? K_FOREVER : K_NO_WAIT) != 0) {
		return NET_DROP;
	}
	/* If it is closed by now, its handler is nobody's. */
	if (connection->context == context &&
	    (waits || k_mutex_lock(&context->lock, K_NO_WAIT) == 0)) {
		verdict = __real_net_context_packet_received(connection, packet, ip, header,
							     user_data);
		if (!waits) {
			(void)k_mutex_unlock(&context->lock);
		}
	}
	if (of_calls != NULL) {
		(void)k_mutex_unlock(of_calls);
	}
	return verdict;
}

static net_conn_cb_t instead_of(net_conn_cb_t asked)
{
	return asked == __real_net_context_packet_received ? __wrap_net_context_packet_received
							   : asked;
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
