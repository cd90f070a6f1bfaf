/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * For Zephyr 4.5: include/zephyr/drivers/uart.h, where uart_irq_update() returns void
 * (doc/releases/migration-guide-4.5.rst, "Serial").
 */

#ifndef SHIMS_UART_4_5_H_
#define SHIMS_UART_4_5_H_

#include <zephyr/drivers/uart.h>

static inline void shim_uart_irq_update(const struct device *device)
{
	(void)uart_irq_update(device);
}

#define uart_irq_update(device) shim_uart_irq_update(device)

#endif /* SHIMS_UART_4_5_H_ */
