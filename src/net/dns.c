/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Guards Zephyr's resolver against answers with names that are longer than its buffers.
 *
 * Zephyr's resolver compares each label of a name with the whole size of its buffer, and not with
 * what is left of it. So whoever answers a look-up can make it write some hundred bytes past the
 * end of the buffer, by the name in a service record (SRV), for example. Apps never ask for such a
 * record, but the resolver reads any record of an answer. Here, a name that does not fit is not
 * read, and neither is a record that ends beyond the message.
 *
 * The guard acts on all of the image (-Wl,--wrap).
 */

#include <errno.h>

#include <zephyr/net_buf.h>

#include "dns_pack.h"

int __real_dns_unpack_name(const uint8_t *message, int size, const uint8_t *name,
			   struct net_buf *to, const uint8_t **end);
int __wrap_dns_unpack_name(const uint8_t *message, int size, const uint8_t *name,
			   struct net_buf *to, const uint8_t **end);

/* A length byte with both of these bits is a pointer: the name continues at another offset. */
#define ELSEWHERE 0xc0

/* Whether a name fits into @p room bytes, with a point or the final zero after each label. */
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
