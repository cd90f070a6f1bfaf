/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What CoAP says, which is in Rust (rust/api/src/coap, by rust/platform-zephyr/src/coap_engine.rs),
 * over memory of C's.
 */

#ifndef ZEPHYR_WASM_COAP_ENGINE_H_
#define ZEPHYR_WASM_COAP_ENGINE_H_

#include "net.h"

/** The most that is written before a payload. */
#define ZEPHYR_WASM_COAP_HEAD 128

/** The longest payload of a message. */
#define ZEPHYR_WASM_COAP_BLOCK MIN(CONFIG_WASM_COAP_BLOCK, CONFIG_WASM_COAP_SIZE)

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

/** Serves a path; false if another resource is there. */
bool zephyr_wasm_rs_coap_serve(const struct zephyr_wasm_coap_server *server, uint32_t number,
			       const uint8_t *path, size_t length, uint8_t capacity);

/** Ends that. */
void zephyr_wasm_rs_coap_end(const struct zephyr_wasm_coap_server *server, uint32_t number);

/** Takes a message of a peer in, writes the reply to it, if there is one, and returns the resource
 * that a request has come for, or -1. */
int zephyr_wasm_rs_coap_receive(const struct zephyr_wasm_coap_server *server, uint32_t now,
				const uint8_t *datagram, size_t size, bool is_cut,
				struct zephyr_wasm_coap_message *reply);

/** Takes the oldest request of a resource, and returns the size of its body, or a failure. */
int32_t zephyr_wasm_rs_coap_next(const struct zephyr_wasm_coap_server *server, uint32_t number,
				 uint32_t *id, uint32_t *method,
				 char path[ZEPHYR_WASM_COAP_PATH_SIZE], uint8_t *payload);

/** Writes the answer to a request; 0, or a failure. */
int32_t zephyr_wasm_rs_coap_answer(const struct zephyr_wasm_coap_server *server, uint32_t number,
				   uint32_t id, uint8_t code, const uint8_t *payload, size_t size,
				   struct zephyr_wasm_coap_message *answer);

/** Lets clients observe what a resource has. */
void zephyr_wasm_rs_coap_make_observable(const struct zephyr_wasm_coap_server *server,
					 uint32_t number);

/** Has those told who observe a path: how many they are, or a failure. */
int32_t zephyr_wasm_rs_coap_notify(const struct zephyr_wasm_coap_server *server, uint32_t number,
				   const uint8_t *path, size_t length, uint8_t code,
				   const uint8_t *payload, size_t size);

/** Writes the next message that is to be sent by now; false if there is none. */
bool zephyr_wasm_rs_coap_due(const struct zephyr_wasm_coap_server *server, uint32_t now,
			     struct zephyr_wasm_coap_message *message);

/** How many milliseconds it is until then; -1 for never. */
int zephyr_wasm_rs_coap_wait(const struct zephyr_wasm_coap_server *server, uint32_t now);

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

/** Begins a request. */
void zephyr_wasm_rs_coap_ask(struct zephyr_wasm_coap_ask *ask, uint8_t method, size_t block,
			     const uint8_t chance[10]);

/** Writes the message that is to be sent, and returns how long it is; 0 if it does not fit. */
size_t zephyr_wasm_rs_coap_write(const struct zephyr_wasm_coap_ask *ask,
				 const struct zephyr_wasm_coap_request *request, uint8_t *out,
				 size_t room);

/** Takes in what has come: how long the answer is, if that is all of it, a failure, or what comes
 * next. */
int32_t zephyr_wasm_rs_coap_read(struct zephyr_wasm_coap_ask *ask,
				 const struct zephyr_wasm_coap_request *request,
				 const uint8_t *datagram, size_t size, bool is_cut, uint8_t *body,
				 struct zephyr_wasm_coap_reply *reply);

#endif /* ZEPHYR_WASM_COAP_ENGINE_H_ */
