/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps whose peers are not heard of any more, or say what nobody has asked for: the board does not
 * fall over that, and has connections left.
 */

#include <errno.h>

#include <zephyr/net/dns_resolve.h>
#include <zephyr/net/net_context.h>
#include <zephyr/net/net_ip.h>
#include <zephyr/net/net_pkt.h>
#include <zephyr/net/socket.h>
#include <zephyr/sys/fdtable.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/net_names.h>
#include <zephyr_wasm/zephyr_wasm.h>

#include "net/net.h"

#include "hoards.h"
#include "slow.h"

ZEPHYR_WASM_IMAGE_DECLARE(spinner);
ZEPHYR_WASM_IMAGE_DECLARE(urgent);

/* As main.c has it: a request to a server that takes the connection and says nothing. */
#define FETCHES_FOR_LONG ((enum hoard)120)

/* A name of which nothing is said, again and again. */
#define LOOKS_UP_WHAT_NOBODY_KNOWS ((enum hoard)51)

#define PORT 83

static int listen_at(uint16_t port)
{
	const struct net_sockaddr_in local = {
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(port),
		.sin_addr = {{{192, 0, 2, 1}}},
	};
	int fd = zsock_socket(NET_AF_INET, NET_SOCK_STREAM, NET_IPPROTO_TCP);

	zassert_true(fd >= 0);
	zassert_ok(zsock_bind(fd, (const struct net_sockaddr *)&local, sizeof(local)));
	zassert_ok(zsock_listen(fd, 1));
	return fd;
}

/* Zephyr gives such a connection up by two timers, the second of which has it forget the socket's
 * use of it. */
ZTEST(connections, test_of_a_peer_that_is_lost_nothing_is_asked)
{
	int listener = listen_at(PORT);
	struct zephyr_wasm_app *app = hoard_begin(ASKS_OF_A_LOST_PEER);
	int fd = zsock_accept(listener, NULL, NULL);

	zassert_true(fd >= 0);
	slow_net_cut_off(PORT);
	zassert_ok(zsock_close(fd));
	/* CONFIG_NET_TCP_RETRY_COUNT is 5. */
	k_sleep(K_SECONDS(8));
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), 1);
	/* A bit for each call that did as it should. */
	zassert_equal(hoard_end(app), BIT_MASK(4));
	slow_net_cut_off(0);
	zassert_ok(zsock_close(listener));
}

ZTEST(connections, test_a_request_ends_in_time_whatever_comes)
{
	zassert_between_inclusive(hoard_end(hoard_begin(IS_FLOODED)), 200, 400);
	/* The server has enough. */
	k_sleep(K_SECONDS(1));
}

/* How many connections an app has closed, whose peers do not confirm that, as there are no more. */
static int32_t count_closed(enum hoard hoard)
{
	struct zephyr_wasm_app *app = hoard_begin(hoard);
	int32_t count;

	for (int i = 0; i < 2; i++) {
		int fd = zsock_socket(NET_AF_INET, NET_SOCK_STREAM, NET_IPPROTO_TCP);

		zassert_true(fd >= 0, "%d", errno);
		zassert_ok(zsock_close(fd));
	}
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), 1);
	count = hoard_end(app);
	/* They are given up. */
	k_sleep(K_SECONDS(6));
	return count;
}

/* A connection that is closed has its place until the peer confirms that. */
ZTEST(connections, test_what_is_closed_leaves_the_firmware_connections)
{
	zassert_true(count_closed(CLOSES) > 0);
}

/* One that comes has its place before it is there to be accepted. */
ZTEST(connections, test_who_may_connect_leaves_the_firmware_connections)
{
	/* A quarter is the firmware's, 16 are for who may connect; a few may be given up by then.
	 */
	zassert_between_inclusive(count_closed(LISTENS_AND_CLOSES), 1,
				  CONFIG_NET_MAX_CONTEXTS * 3 / 4 - 16 + 8);
}

/* Zephyr would keep a context for some of these, and for others let one more connect. */
ZTEST(connections, test_who_asks_as_nobody_does_has_no_connection)
{
	/* SYN with PSH, FIN and RST. */
	static const uint8_t flags[] = {0x0a, 0x03, 0x06};
	struct zephyr_wasm_app *app = hoard_begin(LISTENS_AND_CLOSES);

	for (uint16_t i = 0; i < 2 * CONFIG_NET_MAX_CONTEXTS; i++) {
		slow_net_ask(1000 + i, 8, flags[i % ARRAY_SIZE(flags)], 0);
	}
	for (int i = 0; i < 2; i++) {
		int fd;

		k_sleep(K_MSEC(100));
		fd = zsock_socket(NET_AF_INET, NET_SOCK_STREAM, NET_IPPROTO_TCP);
		zassert_true(fd >= 0, "%d", errno);
		zassert_ok(zsock_close(fd));
	}
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), 1);
	zassert_true(hoard_end(app) > 0);
	/* They are given up. */
	k_sleep(K_SECONDS(5));
}

struct connections {
	uint16_t peer;
	size_t count;
};

static void count_connection(struct net_context *context, void *data)
{
	struct connections *connections = data;

	connections->count += net_context_get_type(context) == NET_SOCK_STREAM &&
			      net_sin(&context->remote)->sin_port == net_htons(connections->peer);
}

/* How many connections Zephyr has with a port of others. */
static size_t count_connections(uint16_t peer)
{
	struct connections connections = {.peer = peer};

	net_context_foreach(count_connection, &connections);
	return connections.count;
}

/* Zephyr would keep one as long as its peer does, and apps would have no place for others. */
ZTEST(connections, test_what_is_taken_after_it_is_closed_is_given_up)
{
	struct zephyr_wasm_app *app;

	slow_net_cut_off(84);
	app = hoard_begin(CLOSES_EARLY);
	/* It is asked for again, and that is longer ago than it may be. */
	slow_net_cut_off(0);
	k_sleep(K_SECONDS(8));
	zassert_true(count_connections(84) > 0);
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), 1);
	zassert_ok(hoard_end(app));
	k_sleep(K_SECONDS(1));
	zassert_equal(count_connections(84), 0);
}

/* Zephyr would divide by it. */
ZTEST(connections, test_who_takes_nothing_at_once_is_not_heard)
{
	int listener = listen_at(PORT);

	/* What is said to it would come back. */
	slow_net_cut_off(2002);
	/* SYN. */
	slow_net_ask(2001, PORT, 0x02, 1);
	slow_net_ask(2002, PORT, 0x02, 536);
	k_sleep(K_MSEC(100));
	zassert_equal(count_connections(2001), 0);
	zassert_equal(count_connections(2002), 1);
	/* It is given up. */
	k_sleep(K_SECONDS(3));
	slow_net_cut_off(0);
	zassert_ok(zsock_close(listener));
}

/* Zephyr would make the checksum of what is at NULL. */
ZTEST(connections, test_what_ends_before_its_header_is_not_read)
{
	struct zsock_addrinfo *found = NULL;

	for (uint16_t length = 0; length < 40; length += 4) {
		slow_net_end_early(length);
	}
	k_sleep(K_MSEC(100));
	zassert_ok(zsock_getaddrinfo("a1.example.com", NULL, NULL, &found));
	zsock_freeaddrinfo(found);
}

/* A socket that hears all that comes for its port, and its lock: as who closes it has that. */
static int open_to_datagrams(struct k_mutex **lock)
{
	const struct net_sockaddr_in local = {
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(PORT),
	};
	const struct zsock_timeval patience = {.tv_sec = 1};
	int fd = zsock_socket(NET_AF_INET, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
	const struct fd_op_vtable *vtable;

	zassert_true(fd >= 0);
	zassert_ok(zsock_bind(fd, (const struct net_sockaddr *)&local, sizeof(local)));
	zassert_ok(zsock_setsockopt(fd, ZSOCK_SOL_SOCKET, ZSOCK_SO_RCVTIMEO, &patience,
				    sizeof(patience)));
	zassert_not_null(zvfs_get_fd_obj_and_vtable(fd, &vtable, lock));
	return fd;
}

static void hear(int fd, bool is_group)
{
	uint8_t byte = 0;

	slow_net_tell(is_group, PORT, 7);
	zassert_equal(zsock_recv(fd, &byte, sizeof(byte), 0), 1);
	zassert_equal(byte, 7);
}

/* Who closes a socket waits for the lock of all, which the thread that receives would have as it
 * waits for that of the socket. */
ZTEST(connections, test_what_comes_for_a_group_waits_for_no_socket)
{
	struct k_mutex *lock;
	int fd = open_to_datagrams(&lock);

	hear(fd, true);
	zassert_ok(k_mutex_lock(lock, K_FOREVER));
	slow_net_tell(true, PORT, 8);
	k_sleep(K_MSEC(100));
	zassert_ok(zsock_close(fd));
	zassert_ok(k_mutex_unlock(lock));
}

static K_THREAD_STACK_DEFINE(sender_stack, 4096);
static struct k_thread sender;

/* To the board's own address, which Zephyr receives on the thread that sends it. */
static void send_to_itself(void *count, void *unused, void *unused_too)
{
	const struct net_sockaddr_in to = {
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(PORT),
		.sin_addr = {{{192, 0, 2, 1}}},
	};
	int fd = zsock_socket(NET_AF_INET, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
	const uint8_t byte = 7;

	ARG_UNUSED(unused);
	ARG_UNUSED(unused_too);
	*(int *)count = (int)zsock_sendto(fd, &byte, sizeof(byte), 0,
					  (const struct net_sockaddr *)&to, sizeof(to));
	(void)zsock_close(fd);
}

static void send_from_another(void)
{
	int count = 0;

	(void)k_thread_create(&sender, sender_stack, K_THREAD_STACK_SIZEOF(sender_stack),
			      send_to_itself, &count, NULL, NULL, K_PRIO_PREEMPT(0), 0, K_NO_WAIT);
	zassert_ok(k_thread_join(&sender, K_SECONDS(1)));
	/* It is sent, whoever hears it. */
	zassert_equal(count, 1);
}

/* Who is in a call of that socket may be about to send to the one that waits for it. */
ZTEST(connections, test_what_is_sent_to_the_board_itself_waits_for_no_socket)
{
	struct k_mutex *lock;
	int fd = open_to_datagrams(&lock);
	uint8_t byte = 0;

	send_from_another();
	zassert_equal(zsock_recv(fd, &byte, sizeof(byte), 0), 1);
	zassert_equal(byte, 7);
	zassert_ok(k_mutex_lock(lock, K_FOREVER));
	send_from_another();
	zassert_ok(k_mutex_unlock(lock));
	zassert_equal(zsock_recv(fd, &byte, sizeof(byte), ZSOCK_MSG_DONTWAIT), -1);
	zassert_ok(zsock_close(fd));
}

static uint32_t count_free(void)
{
	struct k_mem_slab *packets;

	net_pkt_get_info(&packets, NULL, NULL, NULL);
	return k_mem_slab_num_free_get(packets);
}

/* Zephyr would put it where nobody looks any more. */
ZTEST(connections, test_what_comes_as_its_socket_is_closed_is_not_lost)
{
	struct k_mutex *lock;
	int fd = open_to_datagrams(&lock);
	uint32_t before;

	hear(fd, false);
	before = count_free();
	zassert_ok(k_mutex_lock(lock, K_FOREVER));
	slow_net_tell(false, PORT, 8);
	k_sleep(K_MSEC(100));
	zassert_ok(zsock_close(fd));
	zassert_ok(k_mutex_unlock(lock));
	k_sleep(K_MSEC(100));
	zassert_true(count_free() >= before);
}

static int connect_to(uint16_t port)
{
	const struct net_sockaddr_in to = {
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(port),
		.sin_addr = {{{192, 0, 2, 2}}},
	};
	const struct zsock_timeval patience = {.tv_sec = 1};
	int fd = zsock_socket(NET_AF_INET, NET_SOCK_STREAM, NET_IPPROTO_TCP);

	zassert_true(fd >= 0);
	zassert_ok(zsock_setsockopt(fd, ZSOCK_SOL_SOCKET, ZSOCK_SO_RCVTIMEO, &patience,
				    sizeof(patience)));
	zassert_ok(zsock_connect(fd, (const struct net_sockaddr *)&to, sizeof(to)));
	return fd;
}

/* One that came once those that wait are seen to would be closed as Zephyr does that, which may
 * keep for ever what comes for it meanwhile. */
ZTEST(connections, test_who_is_about_to_close_takes_no_connection)
{
	int listener = listen_at(PORT);
	uint8_t byte;
	int fd;

	zephyr_wasm_net_unwatch(listener);
	fd = connect_to(PORT);
	/* It is hung up on. */
	zassert_equal(zsock_recv(fd, &byte, sizeof(byte), 0), 0);
	zassert_ok(zsock_close(fd));
	zassert_ok(zsock_close(listener));
	/* Its port is in use until all has ended. */
	k_sleep(K_SECONDS(1));
}

/* So would one be that Zephyr hangs up on as there is no descriptor for it: it waits. */
ZTEST(connections, test_who_has_no_descriptor_is_not_accepted)
{
	static int taken[128];
	int listener = listen_at(PORT);
	int fd = connect_to(PORT);
	size_t count = 0;

	k_sleep(K_MSEC(100));
	while (count < ARRAY_SIZE(taken) && (taken[count] = zvfs_reserve_fd()) >= 0) {
		count++;
	}
	zassert_true(count < ARRAY_SIZE(taken));
	zassert_false(zephyr_wasm_net_accepts(listener));
	while (count > 0) {
		zvfs_free_fd(taken[--count]);
	}
	zassert_true(zephyr_wasm_net_accepts(listener));
	zassert_ok(zsock_close(fd));
	zassert_ok(zsock_close(listener));
	/* Its port is in use until all has ended. */
	k_sleep(K_SECONDS(1));
}

/* The resolver would put it together beyond the end of its buffer, and has not asked for one. */
ZTEST(connections, test_a_name_that_has_no_room_is_not_read)
{
	struct zsock_addrinfo *found = NULL;

	zassert_not_equal(zsock_getaddrinfo("service.example.com", NULL, NULL, &found), 0);
	zassert_ok(zsock_getaddrinfo("a1.example.com", NULL, NULL, &found));
	zsock_freeaddrinfo(found);
}

/* The resolver would read it 65,535 times, before those of apps, and follow it again and again. */
ZTEST(connections, test_a_record_that_ends_nowhere_is_not_read)
{
	struct zsock_addrinfo *found = NULL;

	zassert_equal(zsock_getaddrinfo("endless.example.com", NULL, NULL, &found), DNS_EAI_SYSTEM);
	zassert_ok(zsock_getaddrinfo("a1.example.com", NULL, NULL, &found));
	zsock_freeaddrinfo(found);
}

/* The resolver refuses who asks while all of its places are taken, which apps do not. */
ZTEST(connections, test_who_looks_up_keeps_no_look_up_from_the_firmware)
{
	struct zephyr_wasm_app *app = hoard_begin(LOOKS_UP_WHAT_NOBODY_KNOWS);
	struct zsock_addrinfo *found = NULL;

	for (int i = 0; i < 5; i++) {
		zassert_ok(zsock_getaddrinfo("a1.example.com", NULL, NULL, &found));
		zsock_freeaddrinfo(found);
		k_sleep(K_MSEC(250));
	}
	zassert_ok(zephyr_wasm_kill(app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(3), NULL));
	zassert_ok(zephyr_wasm_release(app));
}

/* What answers a look-up comes to a thread of Zephyr's, which is not behind those of apps. */
ZTEST(connections, test_who_computes_keeps_no_look_up_from_its_answer)
{
	struct zsock_addrinfo *found = NULL;
	struct zephyr_wasm_app *spinner;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(spinner), &spinner));
	k_sleep(K_MSEC(100));
	zassert_ok(zsock_getaddrinfo("a1.example.com", NULL, NULL, &found));
	zsock_freeaddrinfo(found);
	zassert_ok(zephyr_wasm_kill(spinner));
	zassert_ok(zephyr_wasm_wait(spinner, K_SECONDS(3), NULL));
	zassert_ok(zephyr_wasm_release(spinner));
}

/* One that is killed in a call is ended, also while one computes that is more urgent: who waits for
 * that, as MCUmgr does, could not end the other else. */
ZTEST(connections, test_who_computes_keeps_nobody_from_its_end)
{
	struct zephyr_wasm_app *app = hoard_begin(FETCHES_FOR_LONG);
	struct zephyr_wasm_app *spinner;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(urgent), &spinner));
	k_sleep(K_MSEC(100));
	zassert_equal(zephyr_wasm_stop(app, K_MSEC(50)), -ETIMEDOUT);
	zassert_ok(zephyr_wasm_release(app));
	zassert_ok(zephyr_wasm_kill(spinner));
	zassert_ok(zephyr_wasm_wait(spinner, K_SECONDS(3), NULL));
	zassert_ok(zephyr_wasm_release(spinner));
}

/* An address of the board is no answer to an app, and it makes no difference how a name is written.
 */
ZTEST(connections, test_what_answers_a_name_is_the_address_of_another)
{
	/* A bit for each look-up that did as it should. */
	zassert_equal(hoard_end(hoard_begin(LOOKS_UP)), BIT_MASK(3));
}

ZTEST_SUITE(connections, NULL, NULL, NULL, NULL, NULL);
