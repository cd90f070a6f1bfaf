/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Exchange messages with apps (CONFIG_WASM_API_MESSAGE) from a firmware in C.
 *
 * A topic is text such as `weather/outside`. In a pattern, `*` stands for any text. Manifests say
 * which topics apps may publish and receive; the firmware may use any topic.
 */

#ifndef ZEPHYR_WASM_MESSAGE_H_
#define ZEPHYR_WASM_MESSAGE_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr/sys/iterable_sections.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The size of the longest topic, including its final zero. */
#define ZEPHYR_WASM_TOPIC_SIZE 64

/** @brief A message. It is valid while it is delivered. */
struct zephyr_wasm_message {
	/** Its topic, without a zero at its end. */
	const char *topic;
	/** The size of the topic in bytes. */
	size_t topic_size;
	/** Its payload. */
	const uint8_t *payload;
	/** The size of the payload in bytes. */
	size_t size;
	/** The id for zephyr_wasm_respond() if the sender waits for an answer; otherwise 0. */
	uint32_t request;
};

/** @brief A receiver of messages in the firmware. */
struct zephyr_wasm_listener {
	/** The pattern of the topics that it receives. */
	const char *pattern;
	/** Called for each message, on the thread of its sender. It must not wait, and has to copy
	 * what it keeps. If the sender is a compiled app, it has CONFIG_WASM_COMPILED_STACK_MARGIN
	 * bytes of stack, less 512 for the call. */
	void (*callback)(const struct zephyr_wasm_message *message);
};

/**
 * @brief Defines a listener. Needs CONFIG_WASM_MESSAGE_LISTENERS.
 *
 * @param name    Its name in C.
 * @param topics  The pattern of its topics.
 * @param handler What is called for each message.
 */
#define ZEPHYR_WASM_LISTENER_DEFINE(name, topics, handler)                                         \
	const STRUCT_SECTION_ITERABLE(zephyr_wasm_listener, name) = {                              \
		.pattern = topics,                                                                 \
		.callback = handler,                                                               \
	}

/**
 * @brief Publishes a message. Not for interrupt handlers.
 *
 * @param topic   The topic.
 * @param payload The payload.
 * @param size    Its size in bytes.
 *
 * @return how many receive the message.
 * @retval -EINVAL if the topic is empty or does not fit ZEPHYR_WASM_TOPIC_SIZE, or the
 *         payload does not fit CONFIG_WASM_MESSAGE_SIZE.
 */
int zephyr_wasm_publish(const char *topic, const void *payload, size_t size);

/**
 * @brief Sends a request, and waits for its answer. Needs CONFIG_WASM_API_MESSAGE_REQUESTS.
 *
 * @param topic        The topic.
 * @param payload      The payload of the request.
 * @param size         Its size in bytes.
 * @param answer       Where to write the answer. An answer that does not fit is cut.
 * @param room         The size of @p answer in bytes.
 * @param milliseconds How long to wait.
 *
 * @return the size of the answer in bytes.
 * @retval -EINVAL as for zephyr_wasm_publish().
 * @retval -ENOENT if nobody receives the request.
 * @retval -ENOMEM if CONFIG_WASM_MESSAGE_REQUEST_COUNT requests wait already.
 * @retval -ETIMEDOUT if nobody has answered in time.
 */
int zephyr_wasm_request(const char *topic, const void *payload, size_t size, void *answer,
			size_t room, uint32_t milliseconds);

/**
 * @brief Answers a request. The first answer counts. Needs CONFIG_WASM_API_MESSAGE_REQUESTS.
 *
 * @param request The id in the message.
 * @param payload The payload of the answer.
 * @param size    Its size in bytes.
 *
 * @retval 0 on success.
 * @retval -EINVAL if the payload does not fit CONFIG_WASM_MESSAGE_SIZE.
 * @retval -ETIMEDOUT if nobody waits for the answer any more.
 */
int zephyr_wasm_respond(uint32_t request, const void *payload, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_MESSAGE_H_ */
