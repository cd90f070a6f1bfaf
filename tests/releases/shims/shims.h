/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Zephyr 4.5, as far as it differs from what is built with in what our C uses. Included before each
 * file.
 */

#ifndef SHIMS_H_
#define SHIMS_H_

#include "net_4_4.h"
#include "partitions_4_5.h"
#include "spi_4_5.h"
#include "uart_4_5.h"

#endif /* SHIMS_H_ */
