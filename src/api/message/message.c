/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:message: queues between apps, and between apps and the firmware.
 *
 * Zephyr's zbus is not used. Its channels are fixed at build time, with one message size each, and
 * its publishers wait for observers. Here, topics come and go with apps, and nobody waits for a
 * receiver.
 */

#include <string.h>

#include <zephyr/kernel.h>

#include <zephyr_wasm/message.h>

#include "core/mark.h"
#include "core/pool.h"
#include "core/text.h"
#include "core/thread.h"
#include "core/timing.h"
#include "core/wall.h"
#include "message.h"
#include "zephyr_wasm_declared.h"

struct message {
	uint32_t request;
	uint16_t size;
	char topic[ZEPHYR_WASM_TOPIC_SIZE];
	uint8_t payload[CONFIG_WASM_MESSAGE_SIZE];
};

struct subscription {
	zephyr_wasm_owner_t owner;
	struct k_sem filled;
	uint32_t lost;
	uint8_t capacity;
	uint8_t first;
	uint8_t used;
	/* Empty until the subscription receives messages. */
	char pattern[ZEPHYR_WASM_TOPIC_SIZE];
	struct message messages[CONFIG_WASM_MESSAGE_CAPACITY];
};

ZEPHYR_WASM_WAKER(wake, struct subscription, filled)

ZEPHYR_WASM_OPENER(open, struct subscription, filled, 1)

ZEPHYR_WASM_POOL_DEFINE_WAKING(subscriptions, struct subscription,
			       CONFIG_WASM_MESSAGE_SUBSCRIPTION_COUNT, open, NULL, wake);

static void put(struct subscription *to, const char *topic, const void *payload, size_t size,
		uint32_t request)
{
	struct message *message;

	if (to->used == to->capacity) {
		to->first = (to->first + 1) % to->capacity;
		to->used--;
		to->lost++;
	}
	message = &to->messages[(to->first + to->used) % to->capacity];
	to->used++;
	message->request = request;
	message->size = size;
	strcpy(message->topic, topic);
	memcpy(message->payload, payload, size);
	zephyr_wasm_signal(to->owner, &to->filled);
}

int32_t zephyr_wasm_message_deliver(const char *topic, size_t length, const void *payload,
				    size_t size, uint32_t request)
{
	char whole[ZEPHYR_WASM_TOPIC_SIZE];
	int32_t receivers = 0;

	if (length == 0 || !zephyr_wasm_copy_text(whole, sizeof(whole), topic, length)) {
		return FAILURE_INVALID;
	}
	if (size > CONFIG_WASM_MESSAGE_SIZE) {
		return FAILURE_TOO_LARGE;
	}
	for (size_t i = 0; i < ARRAY_SIZE(subscriptions_slots); i++) {
		struct subscription *to = &subscriptions_slots[i];

		/* Locks for one queue at a time, so that other threads wait only for one copy of
		 * the message. */
		k_sched_lock();
		if (to->owner != NULL && to->pattern[0] != '\0' &&
		    zephyr_wasm_rs_matches(to->pattern, whole, length)) {
			put(to, whole, payload, size, request);
			receivers++;
		}
		k_sched_unlock();
	}
#ifdef CONFIG_WASM_MESSAGE_LISTENERS
	STRUCT_SECTION_FOREACH(zephyr_wasm_listener, listener) {
		struct zephyr_wasm_message message = {
			.topic = whole,
			.topic_size = length,
			.payload = payload,
			.size = size,
			.request = request,
		};

		if (zephyr_wasm_rs_matches(listener->pattern, whole, length)) {
			listener->callback(&message);
			receivers++;
		}
	}
#endif
	return receivers;
}

/** Publishes a message. Returns how many receive it, or a failure. */
int32_t zephyr_wasm_message_publish(const char *topic, size_t length, const uint8_t *payload,
				    size_t size)
{
	return zephyr_wasm_message_deliver(topic, length, payload, size, 0);
}

/* Returns how many messages all queues of the calling thread's app can hold. */
static uint32_t room_taken(void)
{
	uint32_t room = 0;

	for (size_t i = 0; i < ARRAY_SIZE(subscriptions_slots); i++) {
		if (subscriptions_slots[i].owner == zephyr_wasm_current()) {
			room += subscriptions_slots[i].capacity;
		}
	}
	return room;
}

#ifdef CONFIG_WASM_USERSPACE
bool zephyr_wasm_message_may_subscribe(const char *pattern, size_t length, uint32_t capacity,
				       uint32_t most)
{
	ARG_UNUSED(capacity);
	return zephyr_wasm_granted("zephyr:message subscribe", pattern, length) &&
	       most <= zephyr_wasm_granted_number("zephyr:message queue", UINT32_MAX);
}
#endif

/** Subscribes to topics. Returns the number of the subscription, or FAILURE_LIMIT if all queues of
 * the app together could hold more than @p most messages. */
int32_t zephyr_wasm_message_subscribe(const char *pattern, size_t length, uint32_t capacity,
				      uint32_t most)
{
	char whole[ZEPHYR_WASM_TOPIC_SIZE];
	struct subscription *subscription;
	int32_t number;

	if (capacity == 0 || capacity > CONFIG_WASM_MESSAGE_CAPACITY || length == 0 ||
	    !zephyr_wasm_copy_text(whole, sizeof(whole), pattern, length)) {
		return FAILURE_INVALID;
	}
	if (room_taken() + capacity > most) {
		return FAILURE_LIMIT;
	}
	number = zephyr_wasm_pool_take(&subscriptions);
	if (number < 0) {
		return number;
	}
	subscription = zephyr_wasm_pool_slot(&subscriptions, number);
	subscription->capacity = capacity;
	k_sched_lock();
	if (IS_ENABLED(CONFIG_WASM_API_MESSAGE_REQUESTS)) {
		/* This subscription may not answer requests that an earlier owner of the slot has
		 * received. */
		zephyr_wasm_requests_forget(number);
	}
	strcpy(subscription->pattern, whole);
	k_sched_unlock();
	return number;
}

/** Returns the size of the largest payload. */
uint32_t zephyr_wasm_message_size(void)
{
	return CONFIG_WASM_MESSAGE_SIZE;
}

/** Waits for a message. Returns the size of its payload. */
int32_t zephyr_wasm_message_receive(uint32_t number, uint64_t timeout, uint32_t *request_id,
				    char *topic, uint8_t *payload)
{
	struct subscription *from = zephyr_wasm_pool_slot(&subscriptions, number);
	k_timepoint_t end = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout));
	int32_t result = FAILURE_TIMEOUT;

	while (result < 0) {
		k_sched_lock();
		if (from->used > 0) {
			struct message *oldest = &from->messages[from->first];

			if (IS_ENABLED(CONFIG_WASM_API_MESSAGE_REQUESTS) && oldest->request != 0) {
				zephyr_wasm_request_received(oldest->request, number);
			}
			*request_id = oldest->request;
			strcpy(topic, oldest->topic);
			memcpy(payload, oldest->payload, oldest->size);
			from->first = (from->first + 1) % from->capacity;
			from->used--;
			result = oldest->size;
		}
		k_sched_unlock();
		if (result < 0 && zephyr_wasm_gives_up(&from->filled, end)) {
			return FAILURE_TIMEOUT;
		}
	}
	return result;
}

uint32_t zephyr_wasm_message_lost(uint32_t number)
{
	struct subscription *subscription = zephyr_wasm_pool_slot(&subscriptions, number);
	uint32_t lost;

	k_sched_lock();
	lost = subscription->lost;
	subscription->lost = 0;
	k_sched_unlock();
	return lost;
}

void zephyr_wasm_message_unsubscribe(uint32_t number)
{
	zephyr_wasm_pool_give(&subscriptions, number);
}

int zephyr_wasm_publish(const char *topic, const void *payload, size_t size)
{
	int32_t receivers = zephyr_wasm_message_deliver(topic, strlen(topic), payload, size, 0);

	return receivers < 0 ? -EINVAL : receivers;
}

bool zephyr_wasm_message_owns(uint32_t subscriptions_of, zephyr_wasm_owner_t who)
{
	for (size_t i = 0; i < ARRAY_SIZE(subscriptions_slots); i++) {
		if (subscriptions_slots[i].owner == who && (subscriptions_of & BIT(i)) != 0) {
			return true;
		}
	}
	return false;
}
