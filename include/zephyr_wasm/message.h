/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Take part in the messages of apps (CONFIG_WASM_API_MESSAGE) from a firmware in C.
 *
 * A topic is text such as `weather/outside`; in a pattern, `*` stands for any text. What apps may
 * publish and receive, their manifests say; the firmware may use any topic.
 */

#ifndef ZEPHYR_WASM_MESSAGE_H_
#define ZEPHYR_WASM_MESSAGE_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr/sys/iterable_sections.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The room for the longest topic with its terminating zero. */
#define ZEPHYR_WASM_TOPIC_SIZE 64

/** @brief A message, while it is delivered. */
struct zephyr_wasm_message {
	/** Its topic, without a zero at its end. */
	const char *topic;
	/** The size of the topic in bytes. */
	size_t topic_size;
	/** What it says. */
	const uint8_t *payload;
	/** The size of the payload in bytes. */
	size_t size;
	/** For zephyr_wasm_respond(), if the sender waits for an answer; else 0. */
	uint32_t request;
};

/** @brief Somebody in the firmware who receives messages. */
struct zephyr_wasm_listener {
	/** Which topics. */
	const char *pattern;
	/**
	 * Called for each message on the thread of its sender, which must not wait here. Needs to
	 * copy what it keeps.
	 */
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
 * @return how many receive it, or -EINVAL if the topic is empty or does not fit
 *         ZEPHYR_WASM_TOPIC_SIZE, or the payload CONFIG_WASM_MESSAGE_SIZE.
 */
int zephyr_wasm_publish(const char *topic, const void *payload, size_t size);

/**
 * @brief Sends a request, and waits for its answer.
 *
 * @param topic        The topic.
 * @param payload      What is asked.
 * @param size         Its size in bytes.
 * @param answer       Where to write the answer; what does not fit is cut.
 * @param room         The room there in bytes.
 * @param milliseconds How long to wait.
 *
 * @return the size of the answer in bytes.
 * @retval -EINVAL as zephyr_wasm_publish().
 * @retval -ENOENT if nobody receives it.
 * @retval -ENOMEM if CONFIG_WASM_MESSAGE_REQUEST_COUNT wait already.
 * @retval -ETIMEDOUT if nobody has answered in time.
 */
int zephyr_wasm_request(const char *topic, const void *payload, size_t size, void *answer,
			size_t room, uint32_t milliseconds);

/**
 * @brief Answers a request. The first answer counts.
 *
 * @retval 0 on success.
 * @retval -EINVAL if the payload does not fit CONFIG_WASM_MESSAGE_SIZE.
 * @retval -ETIMEDOUT if nobody waits for it any more.
 */
int zephyr_wasm_respond(uint32_t request, const void *payload, size_t size);

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_MESSAGE_H_ */
