/*
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Let apps serve paths of the firmware's own CoAP service (CONFIG_WASM_API_COAP).
 *
 * By default, apps serve paths of a server at CONFIG_WASM_COAP_PORT, which needs no code in the
 * firmware. A firmware with a CoAP service of its own (CONFIG_COAP_SERVER) can set that port to 0,
 * and add the apps' paths to its service. Then Zephyr's server receives the messages: up to
 * CONFIG_COAP_SERVER_MESSAGE_SIZE bytes, with options of up to
 * CONFIG_COAP_EXTENDED_OPTIONS_LEN_VALUE bytes. Clients cannot observe paths of apps then.
 */

#ifndef ZEPHYR_WASM_COAP_H_
#define ZEPHYR_WASM_COAP_H_

#include <zephyr/net/coap_service.h>

#include <zephyr_wasm/net_names.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @cond INTERNAL_HIDDEN */
int zephyr_wasm_coap_request(struct coap_resource *resource, struct coap_packet *request,
			     struct net_sockaddr *peer, net_socklen_t length);
/** @endcond */

/**
 * @brief Adds the paths that apps serve to a CoAP service, after its own resources.
 *
 * Needs CONFIG_COAP_URI_WILDCARD.
 *
 * @param service The service's name in COAP_SERVICE_DEFINE().
 */
#define ZEPHYR_WASM_COAP_RESOURCES(service)                                                        \
	static const char *const zephyr_wasm_coap_path_##service[] = {"#", NULL};                  \
	COAP_RESOURCE_DEFINE(zzz_zephyr_wasm_coap_##service, service,                              \
			     {                                                                     \
				     .get = zephyr_wasm_coap_request,                              \
				     .post = zephyr_wasm_coap_request,                             \
				     .put = zephyr_wasm_coap_request,                              \
				     .del = zephyr_wasm_coap_request,                              \
				     .path = zephyr_wasm_coap_path_##service,                      \
			     })

#ifdef __cplusplus
}
#endif

#endif /* ZEPHYR_WASM_COAP_H_ */
