/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The CoAP protocol, as C calls it. It is written in Rust (rust/api/src/coap, through
 * rust/platform-zephyr/src/coap_engine.rs), and works on memory that C owns. C has the sockets, the
 * threads and the waits.
 */

#ifndef ZEPHYR_WASM_COAP_ENGINE_H_
#define ZEPHYR_WASM_COAP_ENGINE_H_

#include "core/app.h"

/** The size of the longest path of a request, including its final zero. */
#define ZEPHYR_WASM_COAP_PATH_SIZE 64

/** The most bytes that a message has before its payload. */
#define ZEPHYR_WASM_COAP_HEAD 128

/** The longest payload of a message. */
#define ZEPHYR_WASM_COAP_BLOCK MIN(CONFIG_WASM_COAP_BLOCK_SIZE, CONFIG_WASM_COAP_SIZE)

/* The sizes of structures that only Rust knows the inside of. They are zero at first. */
#define ZEPHYR_WASM_COAP_RESOURCE_SIZE 66
#define ZEPHYR_WASM_COAP_EXCHANGE_SIZE 132
#define ZEPHYR_WASM_COAP_OBSERVER_SIZE 116
#define ZEPHYR_WASM_COAP_ASK_SIZE      28

struct zephyr_wasm_coap_resource {
	uint8_t inside[ZEPHYR_WASM_COAP_RESOURCE_SIZE];
};

struct zephyr_wasm_coap_exchange {
	uint32_t inside[ZEPHYR_WASM_COAP_EXCHANGE_SIZE / sizeof(uint32_t)];
};

struct zephyr_wasm_coap_observer {
	uint32_t inside[ZEPHYR_WASM_COAP_OBSERVER_SIZE / sizeof(uint32_t)];
};

struct zephyr_wasm_coap_ask {
	uint32_t inside[ZEPHYR_WASM_COAP_ASK_SIZE / sizeof(uint32_t)];
};

/** Counters of requests, of changes, and of messages. The last one begins at a random number. */
struct zephyr_wasm_coap_counters {
	uint32_t request;
	uint32_t sequence;
	uint32_t message;
};

/** The server. */
struct zephyr_wasm_coap_server {
	struct zephyr_wasm_coap_resource *resources;
	struct zephyr_wasm_coap_exchange *exchanges;
	uint8_t *bodies;
	struct zephyr_wasm_coap_observer *observers;
	struct zephyr_wasm_coap_counters *counters;
	uint32_t resource_count;
	uint32_t exchange_count;
	uint32_t observer_count;
	uint32_t body;
	uint32_t block;
};

/** The other end of an exchange. */
struct zephyr_wasm_coap_peer {
	uint8_t address[16];
	uint32_t scope;
	uint16_t port;
	uint16_t is_ipv6;
};

/** A message to send: its buffer and its peer. */
struct zephyr_wasm_coap_message {
	struct zephyr_wasm_coap_peer peer;
	size_t size;
	size_t room;
	uint8_t *bytes;
};

/** A request of an app. */
struct zephyr_wasm_coap_request {
	const uint8_t *path;
	const uint8_t *payload;
	size_t path_size;
	size_t payload_size;
	size_t block;
	size_t body;
};

/** The acknowledgement to send back, and the code of the answer. */
struct zephyr_wasm_coap_reply {
	uint8_t bytes[4];
	uint8_t size;
	uint8_t code;
};

/** The next action of a request that has neither an answer nor a failure: wait, wait without
 * sending again, or send the next message. */
#define ZEPHYR_WASM_COAP_WAIT   -100
#define ZEPHYR_WASM_COAP_LISTEN -101
#define ZEPHYR_WASM_COAP_SEND   -102

#endif /* ZEPHYR_WASM_COAP_ENGINE_H_ */
