/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * For Zephyr 4.5: include/zephyr/drivers/spi.h, where SPI_DT_SPEC_GET() has two arguments, and
 * controllers and peripherals have their names (doc/releases/migration-guide-4.5.rst, "SPI").
 */

#ifndef SHIMS_SPI_4_5_H_
#define SHIMS_SPI_4_5_H_

#include <zephyr/drivers/spi.h>

#undef SPI_OP_MODE_MASTER
#undef SPI_DT_SPEC_GET

#define SPI_OP_MODE_CONTROLLER 0U
#define SPI_DT_SPEC_GET(node_id, operation_)                                                       \
	{                                                                                          \
		.bus = DEVICE_DT_GET(DT_BUS(node_id)),                                             \
		.config = SPI_CONFIG_DT(node_id, operation_),                                      \
	}

#endif /* SHIMS_SPI_4_5_H_ */
