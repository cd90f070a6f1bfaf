/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A network address, as it is passed between C and Rust (rust/platform-zephyr/src/net.rs).
 */

#ifndef ZEPHYR_WASM_SRC_ADDRESS_H_
#define ZEPHYR_WASM_SRC_ADDRESS_H_

#include <stdbool.h>
#include <stdint.h>

/** The longest name of a host, with the zero that ends it. */
#define ZEPHYR_WASM_HOST_NAME_SIZE 64

/** An address, of which IPv4 has the first four bytes. */
struct zephyr_wasm_address {
	uint8_t bytes[16];
	uint16_t port;
	bool is_ipv6;
};

#endif /* ZEPHYR_WASM_SRC_ADDRESS_H_ */
