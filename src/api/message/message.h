/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What message.c (queues) and requests.c (messages with an answer) have of each other.
 */

#ifndef ZEPHYR_WASM_SRC_MESSAGE_H_
#define ZEPHYR_WASM_SRC_MESSAGE_H_

#include "core/app.h"
#include "core/pool.h"

/** Puts a message into every queue of its topic, and returns how many; 0 for no request. */
int32_t zephyr_wasm_message_deliver(const char *topic, size_t length, const void *payload,
				    size_t size, uint32_t request);

/** Whether one of these subscriptions, a bit each, is of this owner. */
bool zephyr_wasm_message_owns(uint32_t subscriptions_of, zephyr_wasm_owner_t who);

/** Notes that a subscription has received a request. With the scheduler locked. */
void zephyr_wasm_request_received(uint32_t id, uint32_t subscription);

/** Forgets what a subscription has received. With the scheduler locked. */
void zephyr_wasm_requests_forget(uint32_t subscription);

#endif /* ZEPHYR_WASM_SRC_MESSAGE_H_ */
