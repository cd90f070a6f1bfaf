/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Firmware that apps have to do with: it asks them, and has a web server.
 */

#include <zephyr/kernel.h>
#include <zephyr/net/socket.h>

#include <zephyr_wasm/message.h>
#include <zephyr_wasm/net_names.h>

static void ask(void *unused1, void *unused2, void *unused3)
{
	uint8_t answer[16];

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	while (true) {
		(void)zephyr_wasm_request("mine/it", "k", 1, answer, sizeof(answer), 20);
		k_sleep(K_MSEC(1));
	}
}

/* Behind the apps. */
K_THREAD_DEFINE(asks, 1024, ask, NULL, NULL, NULL, CONFIG_WASM_APP_PRIORITY + 1, 0, 0);

static void serve(void *unused1, void *unused2, void *unused3)
{
	static const char page[] = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nk";
	const struct net_sockaddr_in local = {
		.sin_family = NET_AF_INET,
		.sin_port = net_htons(81),
		.sin_addr = NET_INADDR_LOOPBACK_INIT,
	};
	struct zsock_timeval patience = {.tv_usec = 100000};
	int listener = zsock_socket(NET_AF_INET, NET_SOCK_STREAM, NET_IPPROTO_TCP);
	static char received[256];

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	if (zsock_bind(listener, (const struct net_sockaddr *)&local, sizeof(local)) != 0 ||
	    zsock_listen(listener, 4) != 0) {
		k_panic();
	}
	while (true) {
		int fd = zsock_accept(listener, NULL, NULL);

		(void)zsock_setsockopt(fd, ZSOCK_SOL_SOCKET, ZSOCK_SO_RCVTIMEO, &patience,
				       sizeof(patience));
		if (zsock_recv(fd, received, sizeof(received), 0) > 0) {
			(void)zsock_send(fd, page, sizeof(page) - 1, 0);
			/* The client hangs up first. */
			(void)zsock_recv(fd, received, sizeof(received), 0);
		}
		(void)zsock_close(fd);
	}
}

K_THREAD_DEFINE(serves, 2048, serve, NULL, NULL, NULL, CONFIG_WASM_APP_PRIORITY + 1, 0, 0);
