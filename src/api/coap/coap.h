/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The protocol CoAP, as C calls it. It is in Rust (rust/api/src/coap, by way of
 * rust/platform-zephyr/src/coap_engine.rs), and works on memory that C owns; sockets, threads and
 * waiting are C's.
 */

#ifndef ZEPHYR_WASM_COAP_ENGINE_H_
#define ZEPHYR_WASM_COAP_ENGINE_H_

#include "core/app.h"

/** The longest path of a request, with the zero that ends it. */
#define ZEPHYR_WASM_COAP_PATH_SIZE 64

/** The most that is written before a payload. */
#define ZEPHYR_WASM_COAP_HEAD 128

/** The longest payload of a message. */
#define ZEPHYR_WASM_COAP_BLOCK MIN(CONFIG_WASM_COAP_BLOCK_SIZE, CONFIG_WASM_COAP_SIZE)

/* What Rust alone knows the inside of, and how large that is; zeroes at first. */
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

/** What is counted: requests, changes, and messages, which begin anywhere. */
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

/** Who is at the other end. */
struct zephyr_wasm_coap_peer {
	uint8_t address[16];
	uint32_t scope;
	uint16_t port;
	uint16_t is_ipv6;
};

/** Where a message is written, and to whom it goes. */
struct zephyr_wasm_coap_message {
	struct zephyr_wasm_coap_peer peer;
	size_t size;
	size_t room;
	uint8_t *bytes;
};

/** A request of an app's. */
struct zephyr_wasm_coap_request {
	const uint8_t *path;
	const uint8_t *payload;
	size_t path_size;
	size_t payload_size;
	size_t block;
	size_t body;
};

/** What is to be sent back, and the code of the answer. */
struct zephyr_wasm_coap_reply {
	uint8_t bytes[4];
	uint8_t size;
	uint8_t code;
};

/** What comes next, if it is neither the answer nor a failure: to wait, to wait without sending
 * again, and to send what is next. */
#define ZEPHYR_WASM_COAP_WAIT   -100
#define ZEPHYR_WASM_COAP_LISTEN -101
#define ZEPHYR_WASM_COAP_SEND   -102

#endif /* ZEPHYR_WASM_COAP_ENGINE_H_ */
