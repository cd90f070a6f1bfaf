/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * How much apps may take of what the board needs for sending: buffers, in which data stays until
 * the peer has acknowledged it, and contexts, of which a connection has one for a while after it is
 * closed. A quarter of each is for the firmware only.
 *
 * Before an app sends, or opens a socket, it reserves what it will take (`promised`), because that
 * counts as free until it is taken: several apps at once would otherwise take the firmware's part.
 * What peers take of a listening socket is reserved, too: a connection has a context from its first
 * packet on, and nobody sees it before it can be accepted. A datagram that would need the
 * firmware's part is not begun: Zephyr waits for buffers with the socket locked, and its receiving
 * thread waits for that lock.
 *
 * Packets that the board answers by itself, such as pings, come from anybody. For the answer,
 * Zephyr's receiving thread waits up to a second for buffers. If an app has most of them, the
 * acknowledgement that would free them is not received meanwhile, and one ping a second keeps the
 * board from receiving anything. So such a packet is not answered if there are no buffers for the
 * answer. That guard acts on all of the image (-Wl,--wrap).
 *
 * Two kinds of closed connections have no timer in Zephyr, and keep a context and buffers for as
 * long as their peers like: one that the peer accepts only after it was closed, and one with data
 * left to send whose peer has a window of 0. They are given up when somebody needs what they have.
 */

#include <errno.h>

#include <zephyr/net/icmp.h>
#include <zephyr/net/net_context.h>
#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>

#include "net.h"
#ifdef CONFIG_NET_NATIVE_TCP
#include "tcp_internal.h"
#endif

/* The size of all buffers for sending; and what a packet takes besides its data: its headers, and
 * the unused part of its last buffer. */
#ifdef CONFIG_NET_BUF_FIXED_DATA_SIZE
#define TX_BYTES (CONFIG_NET_BUF_TX_COUNT * CONFIG_NET_BUF_DATA_SIZE)
#define OVERHEAD (64 + CONFIG_NET_BUF_DATA_SIZE)
#else
#define TX_BYTES CONFIG_NET_PKT_BUF_TX_DATA_POOL_SIZE
#define OVERHEAD 128
#endif

static struct {
	size_t packets;
	size_t bytes;
	size_t contexts;
} promised;
static struct k_spinlock promised_lock;

static size_t bytes_left(struct net_buf_pool *buffers)
{
#ifdef CONFIG_NET_BUF_FIXED_DATA_SIZE
	return MAX(atomic_get(&buffers->avail_count), 0) * CONFIG_NET_BUF_DATA_SIZE;
#else
	struct k_heap *heap = buffers->alloc->alloc_data;
	struct sys_memory_stats stats;

	return sys_heap_runtime_stats_get(&heap->heap, &stats) == 0 ? stats.free_bytes : 0;
#endif
}

static size_t less(size_t count, size_t by)
{
	return count - MIN(count, by);
}

static void give_up(void);

size_t zephyr_wasm_net_take_room(size_t least, size_t most)
{
	struct k_mem_slab *packets;
	struct net_buf_pool *buffers;
	k_spinlock_key_t key;
	size_t size = 0;

	net_pkt_get_info(NULL, &packets, NULL, &buffers);
	key = k_spin_lock(&promised_lock);
	if (k_mem_slab_num_free_get(packets) >
	    ZEPHYR_WASM_NET_RESERVE(CONFIG_NET_PKT_TX_COUNT) + promised.packets) {
		size = less(bytes_left(buffers),
			    ZEPHYR_WASM_NET_RESERVE(TX_BYTES) + promised.bytes + OVERHEAD);
	}
	size = size < least ? 0 : MIN(size, most);
	if (size == 0) {
		give_up();
	} else {
		promised.packets++;
		promised.bytes += size + OVERHEAD;
	}
	k_spin_unlock(&promised_lock, key);
	return size;
}

void zephyr_wasm_net_give_room(size_t size)
{
	k_spinlock_key_t key = k_spin_lock(&promised_lock);

	promised.packets--;
	promised.bytes -= size + OVERHEAD;
	k_spin_unlock(&promised_lock, key);
}

/* Whether Zephyr would have to wait for buffers for an answer of this size. */
static bool would_wait(size_t size)
{
	struct k_mem_slab *packets;
	struct net_buf_pool *buffers;

	net_pkt_get_info(NULL, &packets, NULL, &buffers);
	return k_mem_slab_num_free_get(packets) == 0 || bytes_left(buffers) < size + OVERHEAD;
}

/* Whether a packet is of the type that is answered with its own data, and there are no buffers for
 * that. */
static bool is_in_vain(struct net_pkt *packet, uint8_t answered)
{
	struct net_pkt_cursor before;
	uint8_t type;
	bool is_it;

	net_pkt_cursor_backup(packet, &before);
	is_it = net_pkt_read_u8(packet, &type) == 0 && type == answered;
	net_pkt_cursor_restore(packet, &before);
	return is_it && would_wait(net_pkt_get_len(packet));
}

#ifdef CONFIG_NET_NATIVE_IPV4
enum net_verdict __real_net_icmpv4_input(struct net_pkt *packet, struct net_ipv4_hdr *ip);
enum net_verdict __wrap_net_icmpv4_input(struct net_pkt *packet, struct net_ipv4_hdr *ip);
int __real_net_icmpv4_send_error(struct net_pkt *packet, uint8_t type, uint8_t code);
int __wrap_net_icmpv4_send_error(struct net_pkt *packet, uint8_t type, uint8_t code);

enum net_verdict __wrap_net_icmpv4_input(struct net_pkt *packet, struct net_ipv4_hdr *ip)
{
	return is_in_vain(packet, NET_ICMPV4_ECHO_REQUEST) ? NET_DROP
							   : __real_net_icmpv4_input(packet, ip);
}

/* The packet that this answers has only its headers left here. */
int __wrap_net_icmpv4_send_error(struct net_pkt *packet, uint8_t type, uint8_t code)
{
	return would_wait(0) ? -ENOMEM : __real_net_icmpv4_send_error(packet, type, code);
}
#endif

#ifdef CONFIG_NET_NATIVE_IPV6
enum net_verdict __real_net_icmpv6_input(struct net_pkt *packet, struct net_ipv6_hdr *ip);
enum net_verdict __wrap_net_icmpv6_input(struct net_pkt *packet, struct net_ipv6_hdr *ip);
int __real_net_icmpv6_send_error(struct net_pkt *packet, uint8_t type, uint8_t code,
				 uint32_t parameter);
int __wrap_net_icmpv6_send_error(struct net_pkt *packet, uint8_t type, uint8_t code,
				 uint32_t parameter);

enum net_verdict __wrap_net_icmpv6_input(struct net_pkt *packet, struct net_ipv6_hdr *ip)
{
	return is_in_vain(packet, NET_ICMPV6_ECHO_REQUEST) ? NET_DROP
							   : __real_net_icmpv6_input(packet, ip);
}

int __wrap_net_icmpv6_send_error(struct net_pkt *packet, uint8_t type, uint8_t code,
				 uint32_t parameter)
{
	return would_wait(net_pkt_get_len(packet))
		       ? -ENOMEM
		       : __real_net_icmpv6_send_error(packet, type, code, parameter);
}
#endif

#ifdef CONFIG_NET_NATIVE_TCP
/* Connections that apps have closed, by what Zephyr keeps of each. Zephyr has a function that goes
 * through its contexts, but it takes a lock that a thread may hold for seconds while it connects.
 */
static struct closed {
	struct net_context *context;
	const void *tcp;
	uint16_t local;
	uint16_t remote;
	/* When it was closed, in milliseconds of uptime. */
	uint32_t since;
} closed[CONFIG_NET_MAX_CONTEXTS];

static struct closed describe(struct net_context *context)
{
	return (struct closed){
		.context = context,
		.tcp = context->tcp,
		.local = net_sin_ptr(&context->local)->sin_port,
		.remote = net_sin(&context->remote)->sin_port,
		.since = k_uptime_get_32(),
	};
}

/* Whether Zephyr still has this connection, and has not given its context to another. */
static bool is_closing(const struct closed *it)
{
	struct closed now;

	if (it->context == NULL || !net_context_is_used(it->context)) {
		return false;
	}
	now = describe(it->context);
	return now.tcp != NULL && now.tcp == it->tcp && now.local == it->local &&
	       now.remote == it->remote;
}

void zephyr_wasm_net_closes(struct net_context *context)
{
	k_spinlock_key_t key = k_spin_lock(&promised_lock);
	struct closed *place = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(closed); i++) {
		if (closed[i].context == context) {
			place = &closed[i];
			break;
		}
		if (place == NULL && !is_closing(&closed[i])) {
			place = &closed[i];
		}
	}
	if (place != NULL) {
		*place = describe(context);
	}
	k_spin_unlock(&promised_lock, key);
}

void zephyr_wasm_net_opens(const struct net_context *context)
{
	k_spinlock_key_t key = k_spin_lock(&promised_lock);

	for (size_t i = 0; i < ARRAY_SIZE(closed); i++) {
		if (closed[i].context == context) {
			closed[i].context = NULL;
		}
	}
	k_spin_unlock(&promised_lock, key);
}

struct net_context *zephyr_wasm_net_closed_at(size_t place)
{
	k_spinlock_key_t key = k_spin_lock(&promised_lock);
	struct net_context *context = is_closing(&closed[place]) ? closed[place].context : NULL;

	k_spin_unlock(&promised_lock, key);
	return context;
}

/* How many closed connections still have a context. Called with the lock held. */
static size_t count_closing(void)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(closed); i++) {
		count += is_closing(&closed[i]);
	}
	return count;
}

/* How long a closed connection may still be in the state ESTABLISHED: twice the time for which
 * Zephyr retransmits. */
static uint32_t milliseconds_to_end(void)
{
	uint32_t pause = CONFIG_NET_TCP_INIT_RETRANSMISSION_TIMEOUT;
	uint32_t sum = pause;

	for (int i = 0; i < MIN(CONFIG_NET_TCP_RETRY_COUNT, 20); i++) {
		sum += pause;
		pause += pause / 2;
	}
	return 2 * sum;
}

/* Ends closed connections that nothing else would end: makes Zephyr believe that it has
 * retransmitted as often as it does, and runs its timer, on Zephyr's own thread. Called with the
 * lock held. */
static void give_up(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(closed); i++) {
		struct tcp *tcp;

		if (!is_closing(&closed[i]) ||
		    k_uptime_get_32() - closed[i].since < milliseconds_to_end()) {
			continue;
		}
		tcp = closed[i].context->tcp;
		/* The timer has a queue as soon as anything was sent. */
		if (tcp->state == TCP_ESTABLISHED && tcp->send_data_timer.queue != NULL) {
			tcp->send_data_retries = UINT8_MAX;
			(void)k_work_reschedule_for_queue(tcp->send_data_timer.queue,
							  &tcp->send_data_timer, K_NO_WAIT);
		}
	}
}
#else
void zephyr_wasm_net_closes(struct net_context *context)
{
	ARG_UNUSED(context);
}

void zephyr_wasm_net_opens(const struct net_context *context)
{
	ARG_UNUSED(context);
}

static size_t count_closing(void)
{
	return 0;
}

static void give_up(void)
{
}
#endif

size_t zephyr_wasm_net_take_contexts(size_t most)
{
	const size_t of_apps =
		CONFIG_NET_MAX_CONTEXTS - ZEPHYR_WASM_NET_RESERVE(CONFIG_NET_MAX_CONTEXTS);
	k_spinlock_key_t key = k_spin_lock(&promised_lock);
	size_t taken = zephyr_wasm_net_count_watched() + count_closing() + promised.contexts;
	size_t count = MIN(less(of_apps, taken), most);

	promised.contexts += count;
	give_up();
	k_spin_unlock(&promised_lock, key);
	return count;
}

void zephyr_wasm_net_give_contexts(size_t count)
{
	k_spinlock_key_t key = k_spin_lock(&promised_lock);

	promised.contexts -= count;
	k_spin_unlock(&promised_lock, key);
}
