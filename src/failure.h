/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Why a device did not do what it was asked: the numbers of rust/api/src/failure.rs, negative.
 */

#ifndef ZEPHYR_WASM_FAILURE_H_
#define ZEPHYR_WASM_FAILURE_H_

enum failure {
	FAILURE_UNKNOWN = -1,
	FAILURE_BUSY = -2,
	FAILURE_LIMIT = -3,
	FAILURE_NOT_SUPPORTED = -4,
	FAILURE_INVALID = -5,
	FAILURE_IO = -6,
	FAILURE_TIMEOUT = -7,
	FAILURE_TOO_LARGE = -8,
	FAILURE_STATE = -9,
	FAILURE_NOT_BINDABLE = -10,
	FAILURE_IN_USE = -11,
	FAILURE_UNREACHABLE = -12,
	FAILURE_REFUSED = -13,
	FAILURE_RESET = -14,
	FAILURE_NO_NAME = -15,
	FAILURE_FULL = -16,
	FAILURE_NO_RECEIVER = -17,
	FAILURE_PROTOCOL = -18,
};

#endif /* ZEPHYR_WASM_FAILURE_H_ */
