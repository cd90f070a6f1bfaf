/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:uart, by Zephyr's serial ports. Bytes are received into a buffer by
 * interrupts, and sent by polling.
 */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/sys/ring_buffer.h>

#include "core/mark.h"
#include "core/names.h"
#include "core/pool.h"
#include "core/timing.h"
#include "observe/log_rate.h"
#include "zephyr_wasm_declared.h"

#define NODE DT_COMPAT_GET_ANY_STATUS_OKAY(zephyr_wasm_uarts)
#define ENTRY(node)                                                                                \
	{                                                                                          \
		.name = DT_NODE_FULL_NAME(node),                                                   \
		.device = DEVICE_DT_GET(DT_PHANDLE(node, port)),                                   \
	},

static const struct {
	const char *name;
	const struct device *device;
} names[] = {
#if DT_HAS_COMPAT_STATUS_OKAY(zephyr_wasm_uarts)
	DT_FOREACH_CHILD_STATUS_OKAY(NODE, ENTRY)
#endif
};

struct port {
	zephyr_wasm_owner_t owner;
	const struct device *device;
#ifdef CONFIG_UART_USE_RUNTIME_CONFIGURE
	/* The configuration before an app has changed it. It is restored when the port is closed.
	 */
	struct uart_config config;
	bool is_changed;
#endif
	struct k_sem filled;
	struct ring_buf received;
	uint32_t lost;
	uint8_t buffer[CONFIG_WASM_UART_BUFFER_SIZE];
};

static void close(void *slot)
{
	struct port *port = slot;

	if (port->device != NULL) {
		uart_irq_rx_disable(port->device);
		(void)uart_irq_callback_set(port->device, NULL);
#ifdef CONFIG_UART_USE_RUNTIME_CONFIGURE
		if (port->is_changed) {
			(void)uart_configure(port->device, &port->config);
		}
#endif
	}
}

ZEPHYR_WASM_WAKER(wake, struct port, filled)

ZEPHYR_WASM_OPENER(open, struct port, filled, 1)

ZEPHYR_WASM_POOL_DEFINE_WAKING(ports, struct port, CONFIG_WASM_UART_PORT_COUNT, open, close, wake);

static void on_interrupt(const struct device *device, void *user_data)
{
	struct port *port = user_data;
	uint8_t bytes[16];
	int count;

	/* uart_irq_update() returns nothing from Zephyr 4.5 on, and 1 before. */
	for (;;) {
		(void)uart_irq_update(device);
		if (!uart_irq_rx_ready(device)) {
			break;
		}
		count = uart_fifo_read(device, bytes, sizeof(bytes));
		if (count <= 0) {
			break;
		}
		port->lost += (uint32_t)count - ring_buf_put(&port->received, bytes, count);
		zephyr_wasm_signal(port->owner, &port->filled);
	}
}

/** Opens a port. Returns its number. */
int32_t zephyr_wasm_uart_open(const char *name, size_t length)
{
	int32_t place =
		zephyr_wasm_find_name(names, ARRAY_SIZE(names), sizeof(names[0]), name, length);
	const struct device *device;
	bool is_taken = false;
	struct port *port;
	int32_t number;

	if (place < 0 || !device_is_ready(names[place].device)) {
		return FAILURE_UNKNOWN;
	}
	device = names[place].device;
	number = zephyr_wasm_pool_take(&ports);
	if (number < 0) {
		return number;
	}
	port = zephyr_wasm_pool_slot(&ports, number);
	ring_buf_init(&port->received, sizeof(port->buffer), port->buffer);
	k_sched_lock();
	for (size_t i = 0; i < ARRAY_SIZE(ports_slots); i++) {
		is_taken |= ports_slots[i].owner != NULL && ports_slots[i].device == device;
	}
	if (!is_taken) {
		port->device = device;
	}
	k_sched_unlock();
	if (is_taken || uart_irq_callback_user_data_set(device, on_interrupt, port) != 0) {
		port->device = NULL;
		zephyr_wasm_pool_give(&ports, number);
		return is_taken ? FAILURE_BUSY : FAILURE_NOT_SUPPORTED;
	}
	uart_irq_rx_enable(device);
	return number;
}

int32_t zephyr_wasm_uart_set_baud_rate(uint32_t number, uint32_t rate)
{
	struct port *port = zephyr_wasm_pool_slot(&ports, number);
#ifdef CONFIG_UART_USE_RUNTIME_CONFIGURE
	struct uart_config config;
	int result;

	/* Drivers divide by the rate, or by what it makes of their clock, and not all of them check
	 * it. Many wait for each byte with interrupts off. */
	if (!IN_RANGE(rate, CONFIG_WASM_UART_RATE_MIN, CONFIG_WASM_UART_RATE_MAX)) {
		return FAILURE_NOT_SUPPORTED;
	}
	result = uart_config_get(port->device, &config);
	if (result == 0) {
		if (!port->is_changed) {
			port->config = config;
			port->is_changed = true;
		}
		config.baudrate = rate;
		/* Some drivers, that of the 16550 among them, leave all interrupts off. */
		uart_irq_rx_disable(port->device);
		result = uart_configure(port->device, &config);
		uart_irq_rx_enable(port->device);
	}
	if (result == 0) {
		return 0;
	}
	zephyr_wasm_failed();
	return result == -ENOSYS || result == -ENOTSUP ? FAILURE_NOT_SUPPORTED : FAILURE_IO;
#else
	ARG_UNUSED(port);
	ARG_UNUSED(rate);
	return FAILURE_NOT_SUPPORTED;
#endif
}

int32_t zephyr_wasm_uart_write(uint32_t number, const uint8_t *data, size_t size)
{
	struct port *port = zephyr_wasm_pool_slot(&ports, number);

	/* A kill can come between two bytes, when the driver holds no lock. */
	for (size_t i = 0; i < size; i++) {
		uart_poll_out(port->device, data[i]);
		zephyr_wasm_let_kill_come();
	}
	return 0;
}

/** Waits for received bytes. Returns how many it has read, or a failure. */
int32_t zephyr_wasm_uart_read(uint32_t number, uint8_t *data, size_t room, uint64_t timeout)
{
	struct port *port = zephyr_wasm_pool_slot(&ports, number);
	k_timepoint_t end = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout));
	unsigned int key;
	uint32_t count;

	if (room == 0) {
		return 0;
	}
	while (true) {
		key = irq_lock();
		count = ring_buf_get(&port->received, data, room);
		irq_unlock(key);
		if (count > 0) {
			return (int32_t)count;
		}
		if (zephyr_wasm_gives_up(&port->filled, end)) {
			return FAILURE_TIMEOUT;
		}
	}
}

uint32_t zephyr_wasm_uart_lost(uint32_t number)
{
	struct port *port = zephyr_wasm_pool_slot(&ports, number);
	unsigned int key = irq_lock();
	uint32_t lost = port->lost;

	port->lost = 0;
	irq_unlock(key);
	return lost;
}

void zephyr_wasm_uart_close(uint32_t number)
{
	zephyr_wasm_pool_give(&ports, number);
}
