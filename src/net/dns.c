/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Guards Zephyr's resolver against answers with names that are longer than its buffers.
 *
 * Zephyr's resolver looks at the room for each label of a name as if that were the first, and so
 * has whoever answers a look-up, by a record of a service, say, write some hundred bytes behind the
 * buffer that the name is put together in. Nobody asks for such a record here; but it takes what
 * comes. So no name is read that has no room; that is for all of the image that asks (-Wl,--wrap).
 */

#include <errno.h>

#include <zephyr/net_buf.h>

#include "dns_pack.h"

int __real_dns_unpack_name(const uint8_t *message, int size, const uint8_t *name,
			   struct net_buf *to, const uint8_t **end);
int __wrap_dns_unpack_name(const uint8_t *message, int size, const uint8_t *name,
			   struct net_buf *to, const uint8_t **end);

/* What a length with both of these bits stands for: that the name goes on elsewhere. */
#define ELSEWHERE 0xc0

/* Whether a name has room, with a point or the zero behind each label. */
static bool has_room(const uint8_t *message, size_t size, size_t at, size_t room)
{
	size_t followed = 0;
	size_t used = 1;

	while (at < size && message[at] != 0 && used <= room) {
		uint8_t length = message[at];

		if ((length & ELSEWHERE) != ELSEWHERE) {
			used += length + 1;
			at += length + 1;
		} else if (at + 1 < size && followed++ < size) {
			at = (size_t)(length & ~ELSEWHERE) << 8 | message[at + 1];
		} else {
			return false;
		}
	}
	return at < size && used <= room;
}

int __wrap_dns_unpack_name(const uint8_t *message, int size, const uint8_t *name,
			   struct net_buf *to, const uint8_t **end)
{
	if (size < 0 || name < message ||
	    !has_room(message, (size_t)size, (size_t)(name - message), net_buf_tailroom(to))) {
		return -EMSGSIZE;
	}
	return __real_dns_unpack_name(message, size, name, to, end);
}

int __real_dns_unpack_answer(struct dns_msg_t *message, int name, uint32_t *lifetime,
			     enum dns_rr_type *type);
int __wrap_dns_unpack_answer(struct dns_msg_t *message, int name, uint32_t *lifetime,
			     enum dns_rr_type *type);

int __wrap_dns_unpack_answer(struct dns_msg_t *message, int name, uint32_t *lifetime,
			     enum dns_rr_type *type)
{
	int result = __real_dns_unpack_answer(message, name, lifetime, type);

	if (result == 0 &&
	    message->response_position + message->response_length > message->msg_size) {
		return -EMSGSIZE;
	}
	return result;
}
