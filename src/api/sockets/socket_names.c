/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The names that apps look up by zephyr:sockets: the addresses of a name, and the names by which an
 * app may reach an address.
 */

#include <string.h>

#include "core/pool.h"
#include "core/text.h"
#include "core/thread.h"
#include "net/net.h"
#include "zephyr_wasm_declared.h"

#ifdef CONFIG_DNS_RESOLVER

struct name {
	zephyr_wasm_owner_t owner;
	/* Larger for a later look-up. */
	uint32_t number;
	struct zephyr_wasm_address address;
	char name[ZEPHYR_WASM_HOST_NAME_SIZE];
};

/* Each app has its own names, and the firmware has some. */
ZEPHYR_WASM_POOL_DEFINE_KIND(names, struct name,
			     (CONFIG_WASM_MAX_APPS + 1) * CONFIG_WASM_SOCKETS_NAME_COUNT, NULL,
			     NULL, NULL, ZEPHYR_WASM_POOL_OF_CALLS);

/* Converts an IPv4 address that is written as IPv6 (::ffff:a.b.c.d) to IPv4. */
static struct zephyr_wasm_address meant_by(const struct zephyr_wasm_address *address)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	struct zephyr_wasm_address meant = *address;

	if (address->is_ipv6 && memcmp(address->bytes, mapped, sizeof(mapped)) == 0) {
		memset(meant.bytes, 0, sizeof(meant.bytes));
		memcpy(meant.bytes, &address->bytes[sizeof(mapped)], 4);
		meant.is_ipv6 = false;
	}
	return meant;
}

/* Compares two addresses that meant_by() has returned. */
static bool is_same(const struct zephyr_wasm_address *one, const struct zephyr_wasm_address *other)
{
	return one->is_ipv6 == other->is_ipv6 &&
	       memcmp(one->bytes, other->bytes, sizeof(one->bytes)) == 0;
}

/* Returns the place of the same name and address that the calling app has looked up before. If
 * there is none, and the app has all the names that it may have, returns the oldest one; otherwise
 * NULL. */
static struct name *place_of(const char *text, const struct zephyr_wasm_address *address)
{
	zephyr_wasm_owner_t owner = zephyr_wasm_current();
	struct name *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names_slots); i++) {
		struct name *name = &names_slots[i];

		if (name->owner != NULL &&
		    name->owner == (owner == NULL ? ZEPHYR_WASM_FIRMWARE : owner)) {
			if (strcmp(name->name, text) == 0 && is_same(&name->address, address)) {
				return name;
			}
			count++;
			if (first == NULL || (int32_t)(name->number - first->number) < 0) {
				first = name;
			}
		}
	}
	return count < CONFIG_WASM_SOCKETS_NAME_COUNT ? NULL : first;
}

/* Remembers an address of a name. If the app has too many names, its own oldest one is dropped. */
static void remember(const char *name, const struct zephyr_wasm_address *address)
{
	static uint32_t last;
	const struct zephyr_wasm_address meant = meant_by(address);
	struct name *remembered = place_of(name, &meant);
	int32_t number;

	if (remembered == NULL) {
		number = zephyr_wasm_pool_take(&names);
		if (number < 0) {
			return;
		}
		remembered = zephyr_wasm_pool_slot(&names, number);
	}
	remembered->number = ++last;
	remembered->address = meant;
	strcpy(remembered->name, name);
}

bool zephyr_wasm_sockets_name(const struct zephyr_wasm_address *address, uint32_t *at, char *text)
{
	const struct zephyr_wasm_address meant = meant_by(address);

	while (*at < ARRAY_SIZE(names_slots)) {
		const struct name *name = &names_slots[(*at)++];

		if (name->owner == zephyr_wasm_current() && is_same(&name->address, &meant)) {
			strcpy(text, name->name);
			return true;
		}
	}
	return false;
}

/** Looks up a host. Returns how many addresses it has, up to @p most, or a failure. */
int32_t zephyr_wasm_sockets_resolve(const char *text, size_t length,
				    struct zephyr_wasm_address *found, uint32_t most)
{
	char name[ZEPHYR_WASM_HOST_NAME_SIZE];
	struct zsock_addrinfo *first = NULL;
	int32_t count = 0;

	if (length == 0 || !zephyr_wasm_copy_text(name, sizeof(name), text, length)) {
		return FAILURE_NO_NAME;
	}
	zephyr_wasm_net_pace();
	if (zephyr_wasm_net_look_up(name, NULL, NULL, &first) == 0) {
		for (const struct zsock_addrinfo *at = first; at != NULL && count < most;
		     at = at->ai_next) {
			zephyr_wasm_from_sockaddr((const union zephyr_wasm_sockaddr *)at->ai_addr,
						  &found[count]);
			remember(name, &found[count]);
			count++;
		}
		zsock_freeaddrinfo(first);
	}
	return count == 0 ? FAILURE_NO_NAME : count;
}

#else

bool zephyr_wasm_sockets_name(const struct zephyr_wasm_address *address, uint32_t *at, char *text)
{
	ARG_UNUSED(address);
	ARG_UNUSED(at);
	ARG_UNUSED(text);
	return false;
}

int32_t zephyr_wasm_sockets_resolve(const char *text, size_t length,
				    struct zephyr_wasm_address *found, uint32_t most)
{
	ARG_UNUSED(text);
	ARG_UNUSED(length);
	ARG_UNUSED(found);
	ARG_UNUSED(most);
	return FAILURE_NO_NAME;
}

#endif /* CONFIG_DNS_RESOLVER */
