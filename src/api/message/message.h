/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions that message.c (queues) and requests.c (messages with an answer) share.
 */

#ifndef ZEPHYR_WASM_SRC_MESSAGE_H_
#define ZEPHYR_WASM_SRC_MESSAGE_H_

#include "core/app.h"
#include "core/pool.h"

/** Puts a message into each queue that has subscribed to its topic. Returns how many receive it, or
 * a failure. @p request is the id of a request, or 0. */
int32_t zephyr_wasm_message_deliver(const char *topic, size_t length, const void *payload,
				    size_t size, uint32_t request);

/** Whether an owner has one of these subscriptions, a bit for each. */
bool zephyr_wasm_message_owns(uint32_t subscriptions_of, zephyr_wasm_owner_t who);

/** Notes that a subscription has received a request. Called with the scheduler locked. */
void zephyr_wasm_request_received(uint32_t id, uint32_t subscription);

/** Forgets the requests that a subscription has received. Called with the scheduler locked. */
void zephyr_wasm_requests_forget(uint32_t subscription);

#endif /* ZEPHYR_WASM_SRC_MESSAGE_H_ */
