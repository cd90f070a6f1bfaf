/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Apps that read nothing of what comes for them, or that send to who does not take it, leave the
 * board buffers to receive and to send; and nothing of a connection is lost by that.
 */

#include <errno.h>

#include <zephyr/net/net_pkt.h>
#include <zephyr/net/net_pkt_filter.h>
#include <zephyr/net/socket.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/net_names.h>
#include <zephyr_wasm/zephyr_wasm.h>

#include "hoards.h"
#include "servers.h"

ZEPHYR_WASM_IMAGE_DECLARE(caller);

/* How many datagrams each of an app's two sockets asks for, as hoards.rs has it. */
#define DATAGRAM_COUNT 150
/* How many bytes a connection is sent, in a packet each. */
#define BYTE_COUNT     (CONFIG_NET_PKT_RX_COUNT + 16)

struct zephyr_wasm_app *hoard_begin(enum hoard hoard)
{
	uint8_t kind = (uint8_t)hoard;
	struct zephyr_wasm_app *app;
	int receivers = 0;

	servers_visit(false);
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(caller), &app));
	for (int tries = 0; tries < 1000 && receivers == 0; tries++) {
		k_sleep(K_MSEC(1));
		receivers = zephyr_wasm_publish("kills/kind", &kind, sizeof(kind));
	}
	zassert_equal(receivers, 1, "%d", hoard);
	/* It opens what it has. */
	k_sleep(K_MSEC(300));
	return app;
}

int32_t hoard_end(struct zephyr_wasm_app *app)
{
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(20), &status));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_ok(zephyr_wasm_release(app));
	return status.detail;
}

static struct net_sockaddr_in peer(uint16_t port)
{
	return (struct net_sockaddr_in){
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(port),
		.sin_addr = {{{192, 0, 2, 2}}},
	};
}

static int open_to(uint16_t port, int type, int protocol)
{
	const struct net_sockaddr_in to = peer(port);
	int yes = 1;
	int result = -1;
	int fd = -1;

	/* An app may wait for the port that the one before had. */
	for (int tries = 0; tries < 50 && result != 0; tries++) {
		fd = zsock_socket(NET_AF_INET, type, protocol);
		zassert_true(fd >= 0);
		result = zsock_connect(fd, (const struct net_sockaddr *)&to, sizeof(to));
		if (result != 0) {
			zassert_ok(zsock_close(fd));
			k_sleep(K_MSEC(100));
		}
	}
	zassert_ok(result, "%d", errno);
	if (type == NET_SOCK_STREAM) {
		zassert_ok(zsock_setsockopt(fd, NET_IPPROTO_TCP, ZSOCK_TCP_NODELAY, &yes,
					    sizeof(yes)));
	}
	return fd;
}

/* The firmware's own sockets send and receive. */
static void check_the_board(const char *what)
{
	struct zsock_timeval patience = {.tv_sec = 1};
	int fd = open_to(7, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
	uint8_t byte = 0;

	zassert_ok(zsock_setsockopt(fd, ZSOCK_SOL_SOCKET, ZSOCK_SO_RCVTIMEO, &patience,
				    sizeof(patience)));
	for (uint8_t sent = 1; sent <= 10; sent++) {
		zassert_equal(zsock_send(fd, &sent, 1, 0), 1, "%s", what);
		zassert_equal(zsock_recv(fd, &byte, 1, 0), 1, "%s: it does not receive", what);
		zassert_equal(byte, sent, "%s", what);
	}
	zassert_ok(zsock_close(fd));
}

static size_t left_to_receive(void)
{
	struct k_mem_slab *packets;

	net_pkt_get_info(&packets, NULL, NULL, NULL);
	return k_mem_slab_num_free_get(packets);
}

ZTEST(buffers, test_datagrams_that_nobody_reads)
{
	struct zephyr_wasm_app *apps[2];

	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		apps[i] = hoard_begin(DATAGRAMS);
	}
	/* Both send, and are answered, more than all buffers together; what is on its way is in
	 * them, too. */
	k_sleep(K_SECONDS(6));
	for (int tries = 0; tries < 50 && left_to_receive() < CONFIG_NET_PKT_RX_COUNT / 4;
	     tries++) {
		k_sleep(K_SECONDS(1));
	}
	TC_PRINT("%zu of %d packets left\n", left_to_receive(), CONFIG_NET_PKT_RX_COUNT);
	zassert_true(left_to_receive() >= CONFIG_NET_PKT_RX_COUNT / 4);
	check_the_board("datagrams");
	/* Each has what it has room for. */
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), ARRAY_SIZE(apps));
	for (size_t i = 0; i < ARRAY_SIZE(apps); i++) {
		int32_t received = hoard_end(apps[i]);

		TC_PRINT("one has %d of %d datagrams\n", received, 2 * DATAGRAM_COUNT);
		zassert_between_inclusive(received, 4, CONFIG_NET_PKT_RX_COUNT / 2);
	}
	zassert_equal(left_to_receive(), CONFIG_NET_PKT_RX_COUNT);
}

/* Sends bytes in a packet each, as far as that goes, and returns how many. */
static int32_t send_bytes(int fd)
{
	int32_t sent = 0;

	for (int i = 0; i < BYTE_COUNT; i++) {
		uint8_t byte = (uint8_t)sent;

		if (zsock_send(fd, &byte, 1, ZSOCK_MSG_DONTWAIT) == 1) {
			sent++;
		}
		k_sleep(K_MSEC(1));
	}
	return sent;
}

ZTEST(buffers, test_bytes_that_nobody_reads)
{
	struct zephyr_wasm_app *app = hoard_begin(BYTES);
	int32_t sent;
	int fd;

	fd = open_to(8, NET_SOCK_STREAM, NET_IPPROTO_TCP);
	sent = send_bytes(fd);
	zassert_true(sent > CONFIG_NET_PKT_RX_COUNT, "%d", sent);
	TC_PRINT("%zu of %d packets left\n", left_to_receive(), CONFIG_NET_PKT_RX_COUNT);
	zassert_true(left_to_receive() >= CONFIG_NET_PKT_RX_COUNT / 4);
	check_the_board("bytes");
	/* All of them come, in their order. */
	zassert_equal(zephyr_wasm_publish("kills/go", &(uint8_t){(uint8_t)sent}, 1), 1);
	zassert_equal(hoard_end(app), sent);
	zassert_ok(zsock_close(fd));
}

ZTEST(buffers, test_bytes_that_nobody_accepts)
{
	struct zephyr_wasm_app *app = hoard_begin(BYTES_THAT_IT_DOES_NOT_ACCEPT);
	int fds[3];

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = open_to(8, NET_SOCK_STREAM, NET_IPPROTO_TCP);
		(void)send_bytes(fds[i]);
	}
	TC_PRINT("%zu of %d packets left\n", left_to_receive(), CONFIG_NET_PKT_RX_COUNT);
	zassert_true(left_to_receive() >= CONFIG_NET_PKT_RX_COUNT / 4);
	check_the_board("bytes that nobody accepts");
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		(void)zsock_close(fds[i]);
	}
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), 1);
	zassert_equal(hoard_end(app), 0);
}

/* As if peers that do not answer had all that apps may have. */
ZTEST(buffers, test_what_is_left_to_send_is_the_firmwares)
{
	static struct net_pkt *taken[CONFIG_NET_PKT_TX_COUNT];
	struct zephyr_wasm_app *app = hoard_begin(SENDS);
	struct k_mem_slab *packets;
	size_t count = 0;

	net_pkt_get_info(NULL, &packets, NULL, NULL);
	while (k_mem_slab_num_free_get(packets) > CONFIG_NET_PKT_TX_COUNT / 4) {
		taken[count] = net_pkt_alloc(K_NO_WAIT);
		zassert_not_null(taken[count]);
		count++;
	}
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), 1);
	k_sleep(K_MSEC(500));
	check_the_board("what is left to send");
	while (count > 0) {
		net_pkt_unref(taken[--count]);
	}
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), 1);
	/* A bit for each call that did as it should. */
	zassert_equal(hoard_end(app), BIT_MASK(5));
}

/* A datagram has all of its buffers of what apps may have. */
ZTEST(buffers, test_a_datagram_takes_none_of_the_firmwares)
{
	static struct net_buf *taken[CONFIG_NET_BUF_TX_COUNT];
	struct zephyr_wasm_app *app = hoard_begin(SENDS_AT_LENGTH);
	struct net_buf_pool *buffers;
	size_t count = 0;

	net_pkt_get_info(NULL, NULL, NULL, &buffers);
	while (atomic_get(&buffers->avail_count) > CONFIG_NET_BUF_TX_COUNT / 4 + 3) {
		taken[count] = net_pkt_get_reserve_tx_data(CONFIG_NET_BUF_DATA_SIZE, K_NO_WAIT);
		zassert_not_null(taken[count]);
		count++;
	}
	zassert_equal(zephyr_wasm_publish("kills/go", NULL, 0), 1);
	zassert_equal(hoard_end(app), BIT_MASK(2));
	while (count > 0) {
		net_buf_unref(taken[--count]);
	}
}

static bool is_any(struct npf_test *test, struct net_pkt *packet)
{
	ARG_UNUSED(test);
	ARG_UNUSED(packet);
	return true;
}

static struct {
	struct npf_test test;
} any = {.test = {.fn = is_any}};
static NPF_RULE(drop_any, NET_DROP, any);

/* Rules of the firmware's that come when apps have had sockets are looked at. */
ZTEST(buffers, test_the_firmwares_rules_count)
{
	struct zsock_timeval patience = {.tv_usec = 200000};
	struct zephyr_wasm_app *app = hoard_begin(SENDS_AT_LENGTH);
	int fd = open_to(7, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
	struct zephyr_wasm_status status;
	uint8_t byte = 1;

	zassert_ok(zsock_setsockopt(fd, ZSOCK_SOL_SOCKET, ZSOCK_SO_RCVTIMEO, &patience,
				    sizeof(patience)));
	npf_append_rule(&npf_local_in_recv_rules, &drop_any);
	zassert_equal(zsock_send(fd, &byte, 1, 0), 1);
	zassert_equal(zsock_recv(fd, &byte, 1, 0), -1);
	zassert_true(npf_remove_rule(&npf_local_in_recv_rules, &drop_any));
	zassert_ok(zsock_close(fd));
	check_the_board("without a rule");
	zassert_ok(zephyr_wasm_kill(app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(3), &status));
	zassert_ok(zephyr_wasm_release(app));
}

ZTEST_SUITE(buffers, NULL, NULL, NULL, NULL, NULL);
