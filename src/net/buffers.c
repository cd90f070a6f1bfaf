/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How much apps may take of Zephyr's buffers for receiving, which the whole board shares. room.c is
 * about sending.
 *
 * Received data stays in these buffers until an app reads it. So a packet for an app's socket is
 * dropped, as one that was lost on its way, if the socket already holds as much as is left of the
 * apps' part: one socket can have up to half of that part, two a third each, and something is
 * always left. TCP packets without data are not dropped.
 *
 * Connection requests that no real peer sends are dropped, too: for some Zephyr takes a context and
 * forgets it, and for others it counts a context as given back that it never counted as taken.
 *
 * A packet is dropped if its TCP header is in two buffers, because of many other headers before it
 * or because the first fragment is that small: if Zephyr has no buffer to put the header together
 * in, it reads the header at address NULL.
 *
 * For a segment that begins with data that has arrived before, Zephyr copies the header to a buffer
 * for sending, possibly one of the firmware's, and keeps it with the data until the app reads that.
 * So a socket has at most one such packet, and others for it are dropped meanwhile.
 *
 * Segments that arrive out of order are held in buffers as well, one for each byte if a peer likes.
 * They count, and those for a connection that its app has closed are dropped, because nobody would
 * read them.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/net/net_context.h>
#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>
#include <zephyr/net/net_pkt_filter.h>
#include <zephyr/sys/fdtable.h>

#include "net.h"
#ifdef CONFIG_NET_NATIVE_TCP
#include "tcp_internal.h"
#endif

#ifdef CONFIG_WASM_API_SOCKETS
#define OF_SOCKETS CONFIG_WASM_SOCKET_COUNT
#else
#define OF_SOCKETS 0
#endif
#ifdef CONFIG_WASM_API_COAP
/* A socket for each request, and the server's. */
#define OF_COAP (CONFIG_WASM_COAP_REQUEST_COUNT + 1)
#else
#define OF_COAP 0
#endif
#ifdef CONFIG_WASM_API_HTTP
#define OF_HTTP CONFIG_WASM_HTTP_REQUEST_COUNT
#else
#define OF_HTTP 0
#endif

/* The size of all buffers for receiving. Buffers without a fixed size share a pool of bytes. */
#ifdef CONFIG_NET_BUF_FIXED_DATA_SIZE
#define RX_BYTES (CONFIG_NET_BUF_RX_COUNT * CONFIG_NET_BUF_DATA_SIZE)
#else
#define RX_BYTES CONFIG_NET_PKT_BUF_RX_DATA_POOL_SIZE
#endif

/* Whether the headers of every packet from a real peer fit into one buffer. */
#if defined(CONFIG_NET_BUF_FIXED_DATA_SIZE) && CONFIG_NET_BUF_DATA_SIZE < 128
#define HEADERS_FIT false
#else
#define HEADERS_FIT true
#endif

/* Sockets of Zephyr's own stack, and not of a driver that has its own. */
extern const struct socket_op_vtable sock_fd_op_vtable;

static struct net_context *watched[OF_SOCKETS + OF_COAP + OF_HTTP];
/* How many connections may arrive at each of these before they are accepted, if it listens. */
static size_t awaited[ARRAY_SIZE(watched)];
static struct k_spinlock watched_lock;

/* The buffers that packets hold which wait to be read. */
struct held {
	size_t packets;
	size_t bytes;
	/* How many of these packets begin in a buffer for sending. */
	size_t borrowed;
};

/* What matters here of a packet that has arrived. */
struct arrived {
	struct net_pkt *packet;
	/* UDP or TCP; 0 if it has other headers before that one. */
	uint8_t protocol;
	/* The ports, in the byte order of the network. */
	uint16_t source;
	uint16_t destination;
	/* The sequence number of its first byte, for TCP. */
	uint32_t sequence;
	/* It has data that would be kept until an app reads it. */
	bool is_kept;
	/* It requests a connection in a way that no real peer does. */
	bool is_odd;
	/* It may have a TCP header that is in two buffers, as no real peer sends it. */
	bool is_scattered;
};

/* Of a TCP header: its size without options, the size of the acknowledgement number, the largest
 * size of the options, and flags. */
#define HEADER_SIZE  20
#define ANSWER_SIZE  4
#define OPTIONS_MOST 40
#define SYN_FLAG     BIT(1)
#define ACK_FLAG     BIT(4)
/* FIN, RST, PSH, URG. */
#define NOT_WITH_SYN (BIT(0) | BIT(2) | BIT(3) | BIT(5))

/* The options that Zephyr knows. */
enum option {
	OPTION_END,
	OPTION_NONE,
	OPTION_SEGMENT,
	OPTION_WINDOW,
};

/* Packets that the board sends to itself use such buffers as well, but come from another slab. */
static bool is_borrowed(const struct net_pkt *packet)
{
	struct net_buf_pool *buffers;
	struct k_mem_slab *packets;

	net_pkt_get_info(&packets, NULL, NULL, &buffers);
	return packet->slab == packets && packet->buffer != NULL &&
	       net_buf_pool_get(packet->buffer->pool_id) == buffers;
}

static void add_packet(struct held *held, const struct net_pkt *packet)
{
	held->packets++;
	held->borrowed += is_borrowed(packet);
	for (const struct net_buf *at = packet->buffer; at != NULL; at = at->frags) {
		held->bytes += at->size;
	}
}

#ifdef CONFIG_NET_NATIVE_TCP
static const struct tcp *tcp_of(struct net_context *context)
{
	return net_context_get_proto(context) == NET_IPPROTO_TCP ? context->tcp : NULL;
}

/* Segments that have arrived out of order. Zephyr's thread that removes them is cooperative, so
 * that the list is never seen while it changes. */
static void add_early(struct held *held, struct net_context *context)
{
	const struct tcp *tcp = tcp_of(context);

	for (const struct net_buf *at = tcp == NULL ? NULL : tcp->queue_recv_data; at != NULL;
	     at = at->frags) {
		held->bytes += at->size;
	}
}

/* Stops new connections to a listening socket that is about to be closed: from here on, Zephyr ends
 * them itself. A connection that arrived after all waiting ones were handled would be closed in
 * Zephyr's order, which loses packets (zephyr_wasm_net_unwatch()). */
static void stop_accepting(struct net_context *context)
{
	struct tcp *tcp = context->tcp;

	if (tcp != NULL && net_context_get_state(context) == NET_CONTEXT_LISTENING) {
		tcp->accept_cb = NULL;
	}
}
#else
#define add_early(held, context)
#define stop_accepting(context)
#endif

static void add_received(struct held *held, struct net_context *context)
{
	struct k_queue *queue = &context->recv_q._queue;
	k_spinlock_key_t key = k_spin_lock(&queue->lock);
	sys_sfnode_t *at;

	SYS_SFLIST_FOR_EACH_NODE(&queue->data_q, at)
	{
		add_packet(held, (const struct net_pkt *)at);
	}
	k_spin_unlock(&queue->lock, key);
	add_early(held, context);
}

static bool is_listening(struct net_context *context)
{
	return net_context_get_state(context) == NET_CONTEXT_LISTENING;
}

/* The connection at this place among those that wait to be accepted; NULL if there is none. */
static struct net_context *waiting_at(struct net_context *context, size_t place)
{
	struct k_queue *queue = &context->accept_q._queue;
	struct net_context *found = NULL;
	k_spinlock_key_t key;
	sys_sfnode_t *at;

	if (!is_listening(context)) {
		return NULL;
	}
	key = k_spin_lock(&queue->lock);
	SYS_SFLIST_FOR_EACH_NODE(&queue->data_q, at)
	{
		if (place-- == 0) {
			found = (struct net_context *)at;
			break;
		}
	}
	k_spin_unlock(&queue->lock, key);
	return found;
}

/* What waits for an app to read it, also in connections that it has not accepted yet. */
static void add_held(struct held *held, struct net_context *context)
{
	struct k_queue *queue = &context->accept_q._queue;
	k_spinlock_key_t key;
	sys_sfnode_t *at;

	if (!is_listening(context)) {
		add_received(held, context);
		return;
	}
	key = k_spin_lock(&queue->lock);
	SYS_SFLIST_FOR_EACH_NODE(&queue->data_q, at)
	{
		add_received(held, (struct net_context *)at);
	}
	k_spin_unlock(&queue->lock, key);
}

static bool is_remote(const struct net_context *context, const struct arrived *arrived)
{
	struct net_pkt *packet = arrived->packet;
	const struct net_sockaddr *remote = &context->remote;

	if (net_sin(remote)->sin_port != arrived->source) {
		return false;
	}
	if (IS_ENABLED(CONFIG_NET_IPV4) && remote->sa_family == NET_AF_INET &&
	    net_pkt_family(packet) == NET_AF_INET) {
		return memcmp(&net_sin(remote)->sin_addr, NET_IPV4_HDR(packet)->src,
			      sizeof(struct net_in_addr)) == 0;
	}
	if (IS_ENABLED(CONFIG_NET_IPV6) && remote->sa_family == NET_AF_INET6 &&
	    net_pkt_family(packet) == NET_AF_INET6) {
		return memcmp(&net_sin6(remote)->sin6_addr, NET_IPV6_HDR(packet)->src,
			      sizeof(struct net_in6_addr)) == 0;
	}
	return true;
}

static bool is_of_family(struct net_context *context, struct net_pkt *packet)
{
	net_sa_family_t family = net_context_get_family(context);

	return family == net_pkt_family(packet) ||
	       (IS_ENABLED(CONFIG_NET_IPV4_MAPPING_TO_IPV6) && family == NET_AF_INET6);
}

static bool is_to(struct net_context *context, const struct arrived *arrived)
{
	if (!is_of_family(context, arrived->packet) ||
	    (arrived->protocol != 0 && net_context_get_proto(context) != arrived->protocol)) {
		return false;
	}
	return net_sin_ptr(&context->local)->sin_port == arrived->destination &&
	       (net_context_get_proto(context) != NET_IPPROTO_TCP || is_listening(context) ||
		is_remote(context, arrived));
}

/* The app's socket that a packet is for; a connection is preferred to the socket that listens. */
static struct net_context *find(const struct arrived *arrived)
{
	struct net_context *found = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
		if (watched[i] != NULL && is_to(watched[i], arrived) &&
		    (found == NULL || is_listening(found))) {
			found = watched[i];
		}
	}
	return found;
}

static uint8_t protocol_of(struct net_pkt *packet)
{
	uint8_t protocol = net_pkt_family(packet) == NET_AF_INET ? NET_IPV4_HDR(packet)->proto
								 : NET_IPV6_HDR(packet)->nexthdr;

	return protocol == NET_IPPROTO_TCP || protocol == NET_IPPROTO_UDP ? protocol : 0;
}

/* Whether Zephyr takes these for valid options. */
static bool are_options(const uint8_t *options, size_t size)
{
	size_t at = 0;

	while (at < size && options[at] != OPTION_END) {
		uint8_t option = options[at];
		size_t length = at + 1 < size ? options[at + 1] : 0;

		if (option == OPTION_NONE) {
			at++;
			continue;
		}
		if (length < 2 || length > size - at || (option == OPTION_SEGMENT && length != 4) ||
		    (option == OPTION_WINDOW && length != 3)) {
			return false;
		}
		at += length;
	}
	return true;
}

/* Reads the rest of a TCP header, from the byte with its size. */
static void read_rest(struct net_pkt *packet, size_t before, struct arrived *arrived)
{
	uint8_t options[OPTIONS_MOST];
	uint8_t rest[8];
	size_t size;

	if (net_pkt_read(packet, rest, sizeof(rest)) != 0) {
		return;
	}
	size = (rest[0] >> 4) * sizeof(uint32_t);
	arrived->is_kept |= net_pkt_get_len(packet) > before + size;
	if ((rest[1] & (SYN_FLAG | ACK_FLAG)) == SYN_FLAG) {
		arrived->is_odd = (rest[1] & NOT_WITH_SYN) != 0 || size < HEADER_SIZE ||
				  net_pkt_read(packet, options, size - HEADER_SIZE) != 0 ||
				  !are_options(options, size - HEADER_SIZE);
	}
}

/* Reads which socket a packet is for, and what it would do there. */
static void read_packet(struct net_pkt *packet, struct arrived *arrived)
{
	const size_t before = net_pkt_ip_hdr_len(packet) + net_pkt_ip_opts_len(packet);
	uint16_t ports[2];

	*arrived = (struct arrived){.packet = packet, .protocol = protocol_of(packet)};
	net_pkt_cursor_init(packet);
	net_pkt_set_overwrite(packet, true);
	if (net_pkt_skip(packet, before) != 0) {
		return;
	}
	arrived->is_scattered = arrived->protocol != NET_IPPROTO_UDP &&
				(HEADERS_FIT || arrived->protocol == 0) &&
				!net_pkt_is_contiguous(packet, HEADER_SIZE);
	if (net_pkt_read(packet, ports, sizeof(ports)) != 0) {
		return;
	}
	arrived->source = ports[0];
	arrived->destination = ports[1];
	arrived->is_kept = arrived->protocol != NET_IPPROTO_TCP;
	if (arrived->protocol != NET_IPPROTO_UDP &&
	    net_pkt_read_be32(packet, &arrived->sequence) == 0 &&
	    net_pkt_skip(packet, ANSWER_SIZE) == 0) {
		read_rest(packet, before, arrived);
	}
}

/* Whether a packet is for a TCP socket of an app, and would harm Zephyr's stack. */
static bool is_harmful(const struct arrived *arrived)
{
	for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
		struct net_context *context = watched[i];

		if (context != NULL && net_context_get_proto(context) == NET_IPPROTO_TCP &&
		    is_to(context, arrived) &&
		    (arrived->is_scattered || (arrived->is_odd && is_listening(context)))) {
			return true;
		}
	}
	return false;
}

#ifdef CONFIG_NET_NATIVE_TCP
/* Whether a packet is for a connection that an app has closed, and has arrived out of order. */
static bool is_for_nobody(const struct arrived *arrived)
{
	for (size_t place = 0; place < CONFIG_NET_MAX_CONTEXTS; place++) {
		struct net_context *context = zephyr_wasm_net_closed_at(place);
		const struct tcp *tcp = context == NULL ? NULL : tcp_of(context);

		if (tcp != NULL && !is_listening(context) && is_to(context, arrived) &&
		    (int32_t)(arrived->sequence - tcp->ack) > 0) {
			return true;
		}
	}
	return false;
}
#else
#define is_for_nobody(arrived) false
#endif

static bool is_room(size_t own, size_t all, size_t count)
{
	const size_t most = count - ZEPHYR_WASM_NET_RESERVE(count);

	return own == 0 ? all < most : all < most && own < most - all;
}

/* Whether a packet is to be dropped. */
static bool is_too_many(struct npf_test *test, struct net_pkt *packet)
{
	struct net_pkt_cursor before;
	struct arrived arrived;
	struct held all = {0};
	struct held own = {0};
	struct net_context *to;
	k_spinlock_key_t key;
	bool harms;

	ARG_UNUSED(test);
	net_pkt_cursor_backup(packet, &before);
	read_packet(packet, &arrived);
	net_pkt_cursor_restore(packet, &before);
	if (!arrived.is_kept && !arrived.is_odd && !arrived.is_scattered) {
		return false;
	}
	key = k_spin_lock(&watched_lock);
	harms = is_harmful(&arrived);
	to = arrived.is_kept ? find(&arrived) : NULL;
	if (to != NULL) {
		add_held(&own, to);
		for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
			if (watched[i] != NULL) {
				add_held(&all, watched[i]);
			}
		}
	}
	k_spin_unlock(&watched_lock, key);
	if (to == NULL || harms) {
		return harms || (arrived.is_kept && is_for_nobody(&arrived));
	}
	return own.borrowed > 0 || !is_room(own.packets, all.packets, CONFIG_NET_PKT_RX_COUNT) ||
	       !is_room(own.bytes, all.bytes, RX_BYTES);
}

static struct {
	struct npf_test test;
} too_many = {.test = {.fn = is_too_many}};
static NPF_RULE(drop_too_many, NET_DROP, too_many);

static bool is_ours_alone(struct npf_test *test, struct net_pkt *packet);

/* Zephyr accepts a packet if there are no rules, and drops it if there are some and none accepts
 * it. */
static struct {
	struct npf_test test;
} ours_alone = {.test = {.fn = is_ours_alone}};
static NPF_RULE(pass_if_alone, NET_OK, ours_alone);

/* Whether the firmware has no rules of its own. It may add them at any time, and the rules here are
 * added with the first socket, which the CoAP server has before main(). */
static bool is_ours_alone(struct npf_test *test, struct net_pkt *packet)
{
	sys_snode_t *rule;

	ARG_UNUSED(test);
	ARG_UNUSED(packet);
	SYS_SLIST_FOR_EACH_NODE(&npf_local_in_recv_rules.rule_head, rule)
	{
		if (rule != &drop_too_many.node && rule != &pass_if_alone.node) {
			return false;
		}
	}
	return true;
}

static void begin_to_filter(void)
{
	static atomic_t has_begun;

	if (atomic_set(&has_begun, 1) == 0) {
		npf_append_rule(&npf_local_in_recv_rules, &pass_if_alone);
		npf_insert_rule(&npf_local_in_recv_rules, &drop_too_many);
	}
}

static struct net_context *context_of(int fd)
{
	return zvfs_get_fd_obj(fd, (const struct fd_op_vtable *)&sock_fd_op_vtable, EBADF);
}

/* Replaces a socket in the list by another, if the list has it. */
static void replace(const struct net_context *old, struct net_context *new)
{
	k_spinlock_key_t key = k_spin_lock(&watched_lock);

	for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
		if (watched[i] == old) {
			watched[i] = new;
			awaited[i] = 0;
			break;
		}
	}
	k_spin_unlock(&watched_lock, key);
}

void zephyr_wasm_net_watch(int fd)
{
	struct net_context *context = context_of(fd);

	if (context == NULL) {
		return;
	}
	begin_to_filter();
	replace(NULL, context);
	zephyr_wasm_net_opens(context);
}

void zephyr_wasm_net_unwatch(int fd)
{
	struct net_context *context = context_of(fd);
	struct net_context *waits;

	if (context == NULL) {
		return;
	}
	zephyr_wasm_net_closes(context);
	stop_accepting(context);
	/* Connections that wait to be accepted are closed with the socket. Zephyr empties the queue
	 * of each, and only then stops it from receiving: a packet in between would stay in the
	 * queue for ever. So receiving is stopped first. */
	for (size_t place = 0; (waits = waiting_at(context, place)) != NULL; place++) {
		zephyr_wasm_net_closes(waits);
		(void)net_context_recv(waits, NULL, K_NO_WAIT, NULL);
	}
	replace(context, NULL);
}

void zephyr_wasm_net_awaits(int fd, size_t count)
{
	const struct net_context *context = context_of(fd);
	k_spinlock_key_t key = k_spin_lock(&watched_lock);

	for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
		if (context != NULL && watched[i] == context) {
			awaited[i] = count;
		}
	}
	k_spin_unlock(&watched_lock, key);
}

bool zephyr_wasm_net_accepts(int fd)
{
	struct net_context *context = context_of(fd);
	struct net_context *first = context == NULL ? NULL : waiting_at(context, 0);
	int spare = zvfs_reserve_fd();

	if (spare < 0) {
		return false;
	}
	zvfs_free_fd(spare);
	if (first != NULL) {
		zephyr_wasm_net_closes(first);
	}
	return true;
}

size_t zephyr_wasm_net_count_watched(void)
{
	k_spinlock_key_t key = k_spin_lock(&watched_lock);
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(watched); i++) {
		count += watched[i] == NULL ? 0 : 1 + awaited[i];
	}
	k_spin_unlock(&watched_lock, key);
	return count;
}
