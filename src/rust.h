/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The Rust side of the runtime: rust/platform-zephyr/src/entry.rs.
 */

#ifndef ZEPHYR_WASM_SRC_RUST_H_
#define ZEPHYR_WASM_SRC_RUST_H_

#include "internal.h"

/**
 * Runs a module to its end on the calling thread: the function that the call names, or run if there
 * is no call; one that names no function has it loaded only.
 *
 * Returns the end; writes its detail and its message, of which there is room for
 * ZEPHYR_WASM_MESSAGE_SIZE bytes.
 */
uint8_t zephyr_wasm_rs_run(const struct zephyr_wasm_source *source,
			   const struct zephyr_wasm_call *call,
			   const struct zephyr_wasm_limits *limits, int32_t *detail, char *message);

/** Copies what a module's manifest grants of WASI first, of that kind, as far as there is room.
 * Returns how long it is, or -1 if it grants nothing. */
intptr_t zephyr_wasm_rs_grant(const uint8_t *wasm, size_t size, const char *kind, char *text,
			      size_t text_size);

/** Reads the manifest in a module. */
void zephyr_wasm_rs_manifest(const uint8_t *wasm, size_t size,
			     struct zephyr_wasm_manifest *manifest);

/** The number that a setting of a module's manifest has, or what is given here if it has none. */
uint32_t zephyr_wasm_rs_setting(const uint8_t *wasm, size_t size, const char *key,
				uint32_t otherwise);

/** Whether an app with this module may import from a WIT package, which is restricted if an app
 * needs a manifest for it. */
bool zephyr_wasm_rs_allows(const uint8_t *wasm, size_t size, const char *package, bool restricted);

/** Whether a module's manifest grants this, of a kind with its package. */
bool zephyr_wasm_rs_granted(const uint8_t *wasm, size_t size, const char *kind, const char *text,
			    size_t length);

struct zephyr_wasm_address;

/** Whether it grants a peer: by the name that it was looked up by, or by its address if that is
 * NULL. The protocol is empty where grants have none. */
bool zephyr_wasm_rs_granted_peer(const uint8_t *wasm, size_t size, const char *kind,
				 const char *protocol, const char *name,
				 const struct zephyr_wasm_address *address);

/** Whether a text is the name or the address of a host, and nothing besides. */
bool zephyr_wasm_rs_is_host(const char *text, size_t length);

/** Whether it grants a request: of a URL, which is as host, port and path say, with headers each of
 * which ends with the end of a line. */
bool zephyr_wasm_rs_granted_request(const uint8_t *wasm, size_t size, const char *kind,
				    const char *parts[5]);

/** Whether a setting of a module's manifest has this value. */
bool zephyr_wasm_rs_says(const uint8_t *wasm, size_t size, const char *key, const char *value);

/** Whether a text matches a pattern that ends with a zero, in which `*` stands for any text. */
bool zephyr_wasm_rs_matches(const char *pattern, const char *text, size_t length);

/** The SHA-256 of some bytes. */
void zephyr_wasm_rs_digest(const uint8_t *data, size_t size,
			   uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE]);

/** Reads who an app is from a file that may be anything; false, and why, if it is nobody. */
bool zephyr_wasm_rs_identify(const uint8_t *wasm, size_t size,
			     struct zephyr_wasm_identity *identity, char *message);

/** The key of that number that is trusted; NULL behind the last. */
typedef const uint8_t *(*zephyr_wasm_key_at)(size_t index);

/** Checks a signature: 0 and the signer's name, or an enum zephyr_wasm_refusal and why. */
uint8_t zephyr_wasm_rs_verify(const uint8_t *wasm, size_t size, zephyr_wasm_key_at key_at,
			      uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE], char *message);

/** Reads a request to revoke a key: 0 and the key, or an enum zephyr_wasm_refusal and why. */
uint8_t zephyr_wasm_rs_revoked(const uint8_t request[ZEPHYR_WASM_REVOCATION_SIZE],
			       zephyr_wasm_key_at key_at, uint8_t key[ZEPHYR_WASM_KEY_SIZE],
			       char *message);

/** Has zephyr_wasm_remains_of() told what is left of an app whose thread was aborted. */
void zephyr_wasm_rs_remains(const void *host, struct zephyr_wasm_app *app);

/** Closes what an app holds whose thread was aborted. */
void zephyr_wasm_rs_close(void *host);

/** Writes an end in words, of which there is room for ZEPHYR_WASM_MESSAGE_SIZE bytes. */
void zephyr_wasm_rs_describe(uint8_t end, char *message);

#endif /* ZEPHYR_WASM_SRC_RUST_H_ */
