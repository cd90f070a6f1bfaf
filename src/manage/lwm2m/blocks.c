/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Guards Zephyr's LwM2M client against messages that it would read without end, or for which it
 * would write to NULL. Its thread is cooperative, so a loop there stops the board.
 *
 * - Block-wise transfers: Zephyr has places for CONFIG_LWM2M_NUM_BLOCK1_CONTEXT of them, loses
 *   count, and writes to NULL when one more begins. Here, a transfer that begins ends the one
 *   before.
 * - Opaque resources: if one follows another in a TLV message, Zephyr reads it as the rest of the
 *   first, which is at its end. It reads nothing, without end. Here, reading nothing twice is an
 *   error. A number after an opaque resource would be written as far behind its place as that
 *   resource is long. Here, it begins at its place.
 * - Lists: Zephyr goes through a TLV list until it has passed as many bytes as the list claims, up
 *   to 16 MiB. An item that is not there counts as -61 bytes each time. Here, an item behind the
 *   end of its message is an error.
 *
 * The guards act on all of the image that talks to a server (-Wl,--wrap).
 */

#include <errno.h>

#include <zephyr/net/coap.h>

#include "lwm2m_message_handling.h"
#include "lwm2m_rw_oma_tlv.h"

int __real_coap_get_option_int(const struct coap_packet *packet, uint16_t option);
int __wrap_coap_get_option_int(const struct coap_packet *packet, uint16_t option);
int __real_lwm2m_write_handler(struct lwm2m_engine_obj_inst *instance,
			       struct lwm2m_engine_res *resource,
			       struct lwm2m_engine_res_inst *resource_instance,
			       struct lwm2m_engine_obj_field *field, struct lwm2m_message *asked);
int __wrap_lwm2m_write_handler(struct lwm2m_engine_obj_inst *instance,
			       struct lwm2m_engine_res *resource,
			       struct lwm2m_engine_res_inst *resource_instance,
			       struct lwm2m_engine_obj_field *field, struct lwm2m_message *asked);

int __real_lwm2m_get_or_create_engine_obj(struct lwm2m_message *asked,
					  struct lwm2m_engine_obj_inst **instance,
					  uint8_t *created);
int __wrap_lwm2m_get_or_create_engine_obj(struct lwm2m_message *asked,
					  struct lwm2m_engine_obj_inst **instance,
					  uint8_t *created);

/* Zephyr reads this option before it looks for a free place. */
int __wrap_coap_get_option_int(const struct coap_packet *packet, uint16_t option)
{
	int value = __real_coap_get_option_int(packet, option);

	if (option == COAP_OPTION_BLOCK1 && value > 0 && GET_BLOCK_NUM(value) == 0) {
		lwm2m_clear_block_contexts();
	}
	return value;
}

/* Static data is safe here: only the thread of Zephyr's LwM2M engine calls this. */
int __wrap_lwm2m_write_handler(struct lwm2m_engine_obj_inst *instance,
			       struct lwm2m_engine_res *resource,
			       struct lwm2m_engine_res_inst *resource_instance,
			       struct lwm2m_engine_obj_field *field, struct lwm2m_message *asked)
{
	/* The message of which the last call has read nothing, and the offset at that time. */
	static const struct lwm2m_message *stuck;
	static uint16_t stuck_at;
	struct lwm2m_block_context *block = asked->in.block_ctx;
	const uint16_t before = asked->in.offset;
	int result;

	/* The context says how much of an opaque resource was read. A resource of another type
	 * begins anew. */
	if (block != NULL && field != NULL && field->data_type != LWM2M_RES_TYPE_OPAQUE) {
		block->opaque = (struct lwm2m_opaque_context){0};
	}
	result = __real_lwm2m_write_handler(instance, resource, resource_instance, field, asked);

	if (result < 0 || block == NULL || asked->in.offset != before) {
		stuck = NULL;
	} else if (stuck == asked && stuck_at == before) {
		stuck = NULL;
		result = -EINVAL;
	} else {
		/* This may happen once: the next block begins with the offset at the end of the
		 * last one. */
		stuck = asked;
		stuck_at = before;
	}
	return result;
}

#ifdef CONFIG_LWM2M_RW_OMA_TLV_SUPPORT
/* Zephyr calls this at the start of each item, because each belongs to an instance. */
int __wrap_lwm2m_get_or_create_engine_obj(struct lwm2m_message *asked,
					  struct lwm2m_engine_obj_inst **instance, uint8_t *created)
{
	if (asked->in.reader == &oma_tlv_reader && asked->in.offset >= asked->in.in_cpkt->max_len) {
		return -EINVAL;
	}
	return __real_lwm2m_get_or_create_engine_obj(asked, instance, created);
}
#endif
