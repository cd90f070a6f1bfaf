/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What zephyr:ble passes between C and Rust (rust/platform-zephyr/src/ble.rs).
 */

#ifndef ZEPHYR_WASM_SRC_BLE_H_
#define ZEPHYR_WASM_SRC_BLE_H_

#include <stdint.h>

/** The largest size of a value, and of the data of an advertisement, in bytes. */
#define ZEPHYR_WASM_BLE_VALUE_SIZE 20
#define ZEPHYR_WASM_BLE_DATA_SIZE  31

/** A received advertisement. */
struct zephyr_wasm_report {
	uint8_t address[6];
	int8_t rssi;
	uint8_t size;
	uint8_t data[ZEPHYR_WASM_BLE_DATA_SIZE];
};

#endif /* ZEPHYR_WASM_SRC_BLE_H_ */
