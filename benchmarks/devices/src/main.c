/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Does the same in C and by an app, and prints the cycles of the board's clock that each took.
 */

#include <zephyr/device.h>
#include <zephyr/drivers/sensor.h>
#include <zephyr/net/socket.h>
#include <zephyr/sys/printk.h>

#include <zephyr_wasm/net_names.h>
#include <zephyr_wasm/zephyr_wasm.h>

#define READINGS  10000
#define DATAGRAMS 1000
#define PORT      4242

ZEPHYR_WASM_IMAGE_DECLARE(reader);
ZEPHYR_WASM_IMAGE_DECLARE(mirror);

static void print(const char *name, uint32_t cycles, int calls)
{
	printk("{\"name\": \"%s\", \"cycles\": %u, \"calls\": %d}\n", name, cycles, calls);
}

static uint32_t read_in_c(void)
{
	const struct device *room = DEVICE_DT_GET(DT_NODELABEL(room_model));
	uint32_t begin = k_cycle_get_32();
	struct sensor_value value;
	volatile int64_t micro;

	for (int i = 0; i < READINGS; i++) {
		(void)sensor_sample_fetch_chan(room, SENSOR_CHAN_AMBIENT_TEMP);
		(void)sensor_channel_get(room, SENSOR_CHAN_AMBIENT_TEMP, &value);
		micro = sensor_value_to_micro(&value);
	}
	ARG_UNUSED(micro);
	return k_cycle_get_32() - begin;
}

static uint32_t read_by_app(void)
{
	uint32_t begin = k_cycle_get_32();
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;
	uint32_t all;

	(void)zephyr_wasm_start(ZEPHYR_WASM_IMAGE(reader), &app);
	(void)zephyr_wasm_wait(app, K_FOREVER, &status);
	all = k_cycle_get_32() - begin - status.start_cycles;
	if (status.end != ZEPHYR_WASM_END_RETURNED || status.detail != 0) {
		printk("{\"failed\": \"%s\"}\n", status.message);
	}
	(void)zephyr_wasm_release(app);
	return all;
}

/* The same as the app: waits for a datagram by poll, receives it without blocking, sends it. */
static void echo_in_c(void *unused1, void *unused2, void *unused3)
{
	struct net_sockaddr_in address = {.sin_family = NET_AF_INET, .sin_port = net_htons(PORT)};
	int fd = zsock_socket(NET_AF_INET, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
	static uint8_t data[512];
	ssize_t size;

	ARG_UNUSED(unused1);
	ARG_UNUSED(unused2);
	ARG_UNUSED(unused3);
	(void)zsock_bind(fd, (struct net_sockaddr *)&address, sizeof(address));
	do {
		struct net_sockaddr_in peer;
		net_socklen_t length = sizeof(peer);

		size = zsock_recvfrom(fd, data, sizeof(data), 0, (struct net_sockaddr *)&peer,
				      &length);
		if (size > 1) {
			(void)zsock_sendto(fd, data, size, 0, (struct net_sockaddr *)&peer, length);
		}
	} while (size != 1);
	(void)zsock_close(fd);
}

K_THREAD_STACK_DEFINE(echo_stack, 4096);
static struct k_thread echo_thread;

/* Sends datagrams to whoever echoes, and waits for each. */
static uint32_t talk(void)
{
	struct net_sockaddr_in address = {.sin_family = NET_AF_INET, .sin_port = net_htons(PORT)};
	int fd = zsock_socket(NET_AF_INET, NET_SOCK_DGRAM, NET_IPPROTO_UDP);
	uint8_t data[64] = {0};
	uint32_t begin, all;

	(void)zsock_inet_pton(NET_AF_INET, "127.0.0.1", &address.sin_addr);
	(void)zsock_connect(fd, (struct net_sockaddr *)&address, sizeof(address));
	/* Until the other side is there. */
	k_sleep(K_MSEC(200));
	begin = k_cycle_get_32();
	for (int i = 0; i < DATAGRAMS; i++) {
		(void)zsock_send(fd, data, sizeof(data), 0);
		(void)zsock_recv(fd, data, sizeof(data), 0);
	}
	all = k_cycle_get_32() - begin;
	(void)zsock_send(fd, data, 1, 0);
	(void)zsock_close(fd);
	return all;
}

int main(void)
{
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	printk("{\"clock_hz\": %u}\n", (unsigned int)sys_clock_hw_cycles_per_sec());
	print("sensor_c", read_in_c(), READINGS);
	print("sensor_app", read_by_app(), READINGS);

	k_thread_create(&echo_thread, echo_stack, K_THREAD_STACK_SIZEOF(echo_stack), echo_in_c,
			NULL, NULL, NULL, CONFIG_WASM_APP_PRIORITY, 0, K_NO_WAIT);
	print("echo_c", talk(), DATAGRAMS);
	k_thread_join(&echo_thread, K_FOREVER);

	(void)zephyr_wasm_start(ZEPHYR_WASM_IMAGE(mirror), &app);
	print("echo_app", talk(), DATAGRAMS);
	(void)zephyr_wasm_wait(app, K_SECONDS(10), &status);
	if (status.end != ZEPHYR_WASM_END_RETURNED || status.detail != 0) {
		printk("{\"failed\": \"%s\"}\n", status.message);
	}
	printk("measured\n");
	return 0;
}
