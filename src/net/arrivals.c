/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Guards against two deadlocks in Zephyr's stack, and against one loss of packets, as a packet is
 * given to the socket that it is for.
 *
 * A packet for a socket that is being closed: Zephyr checks whether the socket wants the packet,
 * and only then waits until no call uses the socket. If that call has closed the socket, the packet
 * is put into a queue that nobody reads any more. Each such packet takes one of the board's packets
 * for receiving, for ever. So the check is made here when the socket's lock has been taken.
 *
 * A packet to a group (multicast): Zephyr gives it to each UDP socket at its port. It holds the
 * lock of its list of connections meanwhile, and waits for the lock of each socket. A thread that
 * closes a socket holds the socket's lock, and waits for that of the list. Neither continues: the
 * board receives nothing until it is reset, and the thread that closes cannot be ended. It takes
 * only one packet at the right moment, from anybody on the link, such as the server that an app has
 * just asked. So a socket that is in use does not get a packet to a group, as if that were lost on
 * its way. TCP has no groups (tcp.c).
 *
 * A packet to the board's own address: Zephyr gives it to its socket at once, on the thread that
 * sends, which holds the locks of the sending socket. Two UDP sockets that send to each other would
 * wait for each other, and the receiving thread would wait for both. So such a datagram is dropped
 * as well if its socket is in use. TCP's packets to the board itself are sent by a thread of their
 * own, which holds no socket's lock.
 *
 * The guards act on all of the image (-Wl,--wrap).
 */

#include <zephyr/kernel.h>
#include <zephyr/net/net_context.h>
#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>

#include "connection.h"
#include "net.h"

/* Zephyr calls this for each packet that has come for a socket: for TCP by this name, for UDP
 * through a pointer that each socket registers. */
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

/* Whether the calling thread is just sending this packet, and so has locks that others may wait
 * for. */
static bool is_being_sent(struct net_pkt *packet)
{
	struct net_context *sender = net_pkt_context(packet);

	return sender != NULL && sender->lock.owner == k_current_get() &&
	       net_context_get_proto(sender) == NET_IPPROTO_UDP;
}

/* Takes the socket's lock and then its context's, in the order in which calls of the socket take
 * them. Both are mutexes that their owner may lock again. */
enum net_verdict __wrap_net_context_packet_received(struct net_conn *connection,
						    struct net_pkt *packet, union net_ip_header *ip,
						    union net_proto_header *header, void *user_data)
{
	const bool waits = !zephyr_wasm_net_is_to_group(packet) && !is_being_sent(packet);
	struct net_context *context = connection->context;
	enum net_verdict verdict = NET_DROP;
	struct k_mutex *of_calls;

	/* After the socket is closed, the lock may be that of another socket. */
	if (context == NULL || context->recv_cb == NULL) {
		return NET_DROP;
	}
	of_calls = context->cond.lock;
	if (of_calls != NULL && k_mutex_lock(of_calls, waits ? K_FOREVER : K_NO_WAIT) != 0) {
		return NET_DROP;
	}
	/* If the socket was closed meanwhile, nobody would read the packet. */
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
