/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:message/requests: messages that wait for an answer.
 */

#include <string.h>

#include <zephyr/kernel.h>

#include <zephyr_wasm/message.h>

#include "core/mark.h"
#include "core/pool.h"
#include "core/thread.h"
#include "core/timing.h"
#include "message.h"
#include "zephyr_wasm_declared.h"

/* A request that waits for its answer. */
struct request {
	zephyr_wasm_owner_t owner;
	uint32_t id;
	/* A bit for each subscription that has received the request, and so may answer it. */
	uint32_t received;
	struct k_sem answered;
	bool is_answered;
	uint16_t size;
	uint8_t payload[CONFIG_WASM_MESSAGE_SIZE];
};

ZEPHYR_WASM_WAKER(wake, struct request, answered)

ZEPHYR_WASM_OPENER(open, struct request, answered, 1)

ZEPHYR_WASM_POOL_DEFINE_KIND(requests, struct request, CONFIG_WASM_MESSAGE_REQUEST_COUNT, open,
			     NULL, wake, ZEPHYR_WASM_POOL_OF_CALLS);

BUILD_ASSERT(CONFIG_WASM_MESSAGE_SUBSCRIPTION_COUNT <= 32, "a bit each in struct request");

/** Sends a request, and waits for its answer. Returns the size of the answer, or a failure. */
int32_t zephyr_wasm_message_request(const char *topic, size_t length, const uint8_t *payload,
				    size_t size, uint64_t deadline, uint8_t *answer, size_t room)
{
	static uint32_t last_id;
	int32_t number = zephyr_wasm_pool_take(&requests);
	struct request *request;
	int32_t result;

	if (number < 0) {
		return number;
	}
	request = zephyr_wasm_pool_slot(&requests, number);
	k_sched_lock();
	last_id = last_id == UINT32_MAX ? 1 : last_id + 1;
	request->id = last_id;
	k_sched_unlock();
	result = zephyr_wasm_message_deliver(topic, length, payload, size, request->id);
	if (result == 0) {
		result = FAILURE_NO_RECEIVER;
	} else if (result > 0) {
		(void)zephyr_wasm_take(&request->answered, ZEPHYR_WASM_TIMEOUT(deadline));
		k_sched_lock();
		/* From here on, an answer is too late. */
		request->id = 0;
		k_sched_unlock();
		result = FAILURE_TIMEOUT;
		if (request->is_answered) {
			result = (int32_t)MIN(request->size, room);
			memcpy(answer, request->payload, result);
		}
	}
	zephyr_wasm_pool_give(&requests, number);
	return result;
}

/* Returns the open request with this id; NULL if there is none. */
static struct request *find_request(uint32_t id)
{
	for (size_t i = 0; i < ARRAY_SIZE(requests_slots) && id != 0; i++) {
		if (requests_slots[i].owner != NULL && requests_slots[i].id == id) {
			return &requests_slots[i];
		}
	}
	return NULL;
}

/* Whether an app may answer a request: one of its queues has received it. The firmware (NULL) may
 * always answer. */
static bool may_answer(const struct request *request, zephyr_wasm_owner_t who)
{
	return who == NULL || zephyr_wasm_message_owns(request->received, who);
}

void zephyr_wasm_request_received(uint32_t id, uint32_t subscription)
{
	struct request *request = find_request(id);

	if (request != NULL) {
		request->received |= BIT(subscription);
	}
}

void zephyr_wasm_requests_forget(uint32_t subscription)
{
	for (size_t i = 0; i < ARRAY_SIZE(requests_slots); i++) {
		requests_slots[i].received &= ~BIT(subscription);
	}
}

static int32_t respond(uint32_t id, const uint8_t *payload, size_t size, zephyr_wasm_owner_t who)
{
	struct request *request;
	int32_t result = FAILURE_TIMEOUT;

	if (size > CONFIG_WASM_MESSAGE_SIZE) {
		return FAILURE_TOO_LARGE;
	}
	k_sched_lock();
	request = find_request(id);
	if (request != NULL && may_answer(request, who)) {
		if (!request->is_answered) {
			request->is_answered = true;
			request->size = size;
			memcpy(request->payload, payload, size);
			k_sem_give(&request->answered);
		}
		result = 0;
	}
	k_sched_unlock();
	return result;
}

int32_t zephyr_wasm_message_respond(uint32_t id, const uint8_t *payload, size_t size)
{
	return respond(id, payload, size, zephyr_wasm_current());
}

int zephyr_wasm_request(const char *topic, const void *payload, size_t size, void *answer,
			size_t room, uint32_t milliseconds)
{
	int32_t result =
		zephyr_wasm_message_request(topic, strlen(topic), payload, size,
					    (uint64_t)milliseconds * NSEC_PER_MSEC, answer, room);

	switch (result) {
	case FAILURE_TIMEOUT:
		return -ETIMEDOUT;
	case FAILURE_NO_RECEIVER:
		return -ENOENT;
	case FAILURE_LIMIT:
		return -ENOMEM;
	default:
		return result < 0 ? -EINVAL : result;
	}
}

int zephyr_wasm_respond(uint32_t request, const void *payload, size_t size)
{
	/* Listeners are firmware, although they are called on the threads of apps. */
	switch (respond(request, payload, size, NULL)) {
	case 0:
		return 0;
	case FAILURE_TIMEOUT:
		return -ETIMEDOUT;
	default:
		return -EINVAL;
	}
}
