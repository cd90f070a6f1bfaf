/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Servers at 192.0.2.2, and a client of what apps serve.
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/net/coap.h>
#include <zephyr/net/socket.h>

#include <zephyr_wasm/net_names.h>

#include "servers.h"

enum {
	DNS,
	COAP,
	/* It takes requests, and answers none. */
	COAP_SILENT,
	/* It answers with what is no answer, again and again, for a second. */
	COAP_FLOOD,
	ECHO,
	ECHO_TCP,
	HTTP,
	/* It takes connections, and answers nobody. */
	HTTP_SILENT,
	/* It answers with the end of a line, and hangs up. */
	HTTP_BLANK,
	SERVERS,
};

static const struct {
	uint16_t port;
	bool is_tcp;
} served[SERVERS] = {
	[DNS] = {53, false},          [COAP] = {5684, false},     [COAP_SILENT] = {5685, false},
	[COAP_FLOOD] = {5686, false}, [ECHO] = {7, false},        [ECHO_TCP] = {7, true},
	[HTTP] = {80, true},          [HTTP_SILENT] = {81, true}, [HTTP_BLANK] = {82, true},
};

static volatile bool visits;
static uint8_t buffer[512];

static struct net_sockaddr_in address_of(uint8_t host, uint16_t port)
{
	return (struct net_sockaddr_in){
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(port),
		.sin_addr = {{{192, 0, 2, host}}},
	};
}

/* Answers with the record of a service that is elsewhere, by a name longer than there is one. */
static size_t answer_of_service(size_t size)
{
	/* Up to its priority, weight and port. */
	static const uint8_t record[18] = {0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 1, 0xc7};

	if (size + sizeof(record) + 7 * 64 + 1 > sizeof(buffer)) {
		return 0;
	}
	memcpy(&buffer[size], record, sizeof(record));
	size += sizeof(record);
	for (int label = 0; label < 7; label++) {
		buffer[size] = 63;
		memset(&buffer[size + 1], 'a', 63);
		size += 64;
	}
	buffer[size++] = 0;
	return size;
}

/* Answers with an alias that is as long as there are numbers, so that it ends where it begins; and
 * with as many of these as there are numbers. */
static size_t answer_without_end(size_t size)
{
	static const uint8_t record[] = {0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0xff, 0xf4};

	buffer[6] = 0xff;
	buffer[7] = 0xff;
	memcpy(&buffer[size], record, sizeof(record));
	return size + sizeof(record);
}

/* The address of aN.example.com ends in 10 + N, and all others' in 20; of silent.example.com
 * nothing is said, and of service.example.com and endless.example.com something else;
 * own.example.com is the board. Returns the answer's length. */
static size_t answer_dns(size_t size)
{
	static const uint8_t record[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2};
	/* The header, and the length of the first label. */
	const uint8_t *name = &buffer[13];

	if (size < 20 || size + sizeof(record) + 1 > sizeof(buffer) ||
	    memcmp(name, "silent", 6) == 0) {
		return 0;
	}
	/* An answer, without an error, and one record in it. */
	buffer[2] = 0x81;
	buffer[3] = 0x80;
	buffer[7] = 1;
	if (memcmp(name, "service", 7) == 0) {
		return answer_of_service(size);
	}
	if (memcmp(name, "endless", 7) == 0) {
		return answer_without_end(size);
	}
	memcpy(&buffer[size], record, sizeof(record));
	size += sizeof(record);
	buffer[size++] = name[0] == 'a' ? 10 + name[1] - '0' : memcmp(name, "own", 3) == 0 ? 1 : 20;
	return size;
}

/* 2.05 with the request's token. */
static size_t answer_coap(size_t size)
{
	size_t token = buffer[0] & 0xf;

	if (size < 4 + token) {
		return 0;
	}
	buffer[0] = 0x40 | COAP_TYPE_ACK << 4 | token;
	buffer[1] = COAP_RESPONSE_CODE_CONTENT;
	return 4 + token;
}

static void flood(int fd, const struct net_sockaddr *peer, net_socklen_t length)
{
	/* It refuses a message that there was not. */
	uint8_t junk[] = {0x70, 0, buffer[2] ^ 1, buffer[3]};
	int64_t end = k_uptime_get() + 1000;

	while (k_uptime_get() < end) {
		(void)zsock_sendto(fd, junk, sizeof(junk), 0, peer, length);
		k_sleep(K_MSEC(1));
	}
}

static void answer(int fd, size_t server)
{
	struct net_sockaddr peer;
	net_socklen_t length = sizeof(peer);
	ssize_t received =
		zsock_recvfrom(fd, buffer, sizeof(buffer), ZSOCK_MSG_DONTWAIT, &peer, &length);
	size_t size = MAX(received, 0);

	if (server == DNS) {
		size = answer_dns(size);
	} else if (server == COAP) {
		size = answer_coap(size);
	} else if (server == COAP_SILENT) {
		size = 0;
	} else if (server == COAP_FLOOD && size > 4) {
		flood(fd, &peer, length);
		size = 0;
	}
	if (size > 0) {
		(void)zsock_sendto(fd, buffer, size, 0, &peer, length);
	}
}

static void serve_connection(int fd, size_t server)
{
	static const char page[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	struct zsock_timeval patience = {.tv_usec = 100000};
	ssize_t size;

	(void)zsock_setsockopt(fd, ZSOCK_SOL_SOCKET, ZSOCK_SO_RCVTIMEO, &patience,
			       sizeof(patience));
	(void)zsock_setsockopt(fd, ZSOCK_SOL_SOCKET, ZSOCK_SO_SNDTIMEO, &patience,
			       sizeof(patience));
	if (server == HTTP) {
		if (zsock_recv(fd, buffer, sizeof(buffer), 0) > 0) {
			(void)zsock_send(fd, page, sizeof(page) - 1, 0);
			/* The client hangs up first. */
			(void)zsock_recv(fd, buffer, sizeof(buffer), 0);
		}
	} else if (server == HTTP_BLANK) {
		if (zsock_recv(fd, buffer, sizeof(buffer), 0) > 0) {
			(void)zsock_send(fd, "\r\n", 2, 0);
		}
	} else {
		while ((size = zsock_recv(fd, buffer, sizeof(buffer), 0)) > 0) {
			(void)zsock_send(fd, buffer, size, 0);
		}
	}
	(void)zsock_close(fd);
}

/* What an app serves has a client: one that connects and goes, and one that observes kills/it. */
static void visit(int client)
{
	const struct net_sockaddr_in listener = address_of(2, 8);
	const struct net_sockaddr_in server = address_of(2, 5683);
	static uint16_t id;
	uint8_t request[] = {
		0x50, COAP_METHOD_GET, 0, 0, 0x60, 0x55, 'k', 'i', 'l', 'l', 's', 0x02, 'i', 't'};
	int fd = zsock_socket(NET_AF_INET, NET_SOCK_STREAM, NET_IPPROTO_TCP);

	/* What it is told, it has no use for. */
	while (zsock_recv(client, buffer, sizeof(buffer), ZSOCK_MSG_DONTWAIT) > 0) {
	}
	request[2] = ++id >> 8;
	request[3] = (uint8_t)id;
	(void)zsock_sendto(client, request, sizeof(request), 0,
			   (const struct net_sockaddr *)&server, sizeof(server));
	if (fd >= 0) {
		/* Nobody may be there. */
		(void)zsock_fcntl(fd, ZVFS_F_SETFL, ZVFS_O_NONBLOCK);
		(void)zsock_connect(fd, (const struct net_sockaddr *)&listener, sizeof(listener));
		k_sleep(K_MSEC(5));
		(void)zsock_close(fd);
	}
}

static int open_server(size_t server)
{
	struct net_sockaddr_in local = address_of(1, served[server].port);
	bool is_tcp = served[server].is_tcp;
	int fd = zsock_socket(NET_AF_INET, is_tcp ? NET_SOCK_STREAM : NET_SOCK_DGRAM,
			      is_tcp ? NET_IPPROTO_TCP : NET_IPPROTO_UDP);

	if (fd < 0 || zsock_bind(fd, (struct net_sockaddr *)&local, sizeof(local)) != 0 ||
	    (is_tcp && zsock_listen(fd, 4) != 0)) {
		k_panic();
	}
	return fd;
}

static void serve(void *unused1, void *unused2, void *unused3)
{
	struct zsock_pollfd polled[SERVERS];
	int client = zsock_socket(NET_AF_INET, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
	int silent = -1;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	for (size_t i = 0; i < SERVERS; i++) {
		polled[i] = (struct zsock_pollfd){.fd = open_server(i), .events = ZSOCK_POLLIN};
	}
	while (true) {
		int ready = zsock_poll(polled, SERVERS, visits ? 5 : 20);

		/* What it is answered is for nobody. */
		while (zsock_recv(client, buffer, sizeof(buffer), ZSOCK_MSG_DONTWAIT) >= 0) {
		}
		if (ready < 0) {
			k_panic();
		} else if (ready == 0 && visits) {
			visit(client);
		}
		for (size_t i = 0; i < SERVERS; i++) {
			int fd = polled[i].fd;

			if ((polled[i].revents & ZSOCK_POLLIN) == 0) {
				continue;
			}
			if (!served[i].is_tcp) {
				answer(fd, i);
			} else if (i == HTTP_SILENT) {
				/* Up to the next one. */
				if (silent >= 0) {
					(void)zsock_close(silent);
				}
				silent = zsock_accept(fd, NULL, NULL);
			} else {
				fd = zsock_accept(fd, NULL, NULL);
				if (fd >= 0) {
					serve_connection(fd, i);
				}
			}
		}
	}
}

/* Behind the apps. */
K_THREAD_DEFINE(servers, 4096, serve, NULL, NULL, NULL, CONFIG_WASM_APP_PRIORITY + 1, 0, 0);

void servers_visit(bool yes)
{
	visits = yes;
}
