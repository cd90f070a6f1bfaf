/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Guards Zephyr's LwM2M against messages that it would read without end, or write to NULL for.
 *
 * Zephyr loses count of what a server of LwM2M writes in blocks. It has places for as many as
 * CONFIG_LWM2M_NUM_BLOCK1_CONTEXT at once, and writes to NULL as one more begins. And it reads a
 * resource of bytes that follows another in one message (TLV) as the rest of that one, which is at
 * its end: it reads nothing, without end, in a thread that no other interrupts; and a number there
 * it writes as far behind its place as those bytes are. So what is begun is the end of what was
 * before, of what is not read it is told once, and a number begins at its place.
 *
 * And it goes through a list of items (TLV) until it has been through as many bytes as the list
 * says that there are, up to 16 MiB: what is not there counts as -61 of them each time. So an item
 * of a message that is at its end is an error. That is for all of the image that speaks to a server
 * (-Wl,--wrap).
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

/* It asks for this option before it looks for a place. */
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
	/* The message of which nothing was read at the last call, and where that was. */
	static const struct lwm2m_message *stuck;
	static uint16_t stuck_at;
	struct lwm2m_block_context *block = asked->in.block_ctx;
	const uint16_t before = asked->in.offset;
	int result;

	/* How much of a resource of bytes was read says where it goes on; any other begins. */
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
		/* As a block is at its end with the resource, the next begins so. */
		stuck = asked;
		stuck_at = before;
	}
	return result;
}

#ifdef CONFIG_LWM2M_RW_OMA_TLV_SUPPORT
/* Each item is of an instance, and begins with this. */
int __wrap_lwm2m_get_or_create_engine_obj(struct lwm2m_message *asked,
					  struct lwm2m_engine_obj_inst **instance, uint8_t *created)
{
	if (asked->in.reader == &oma_tlv_reader && asked->in.offset >= asked->in.in_cpkt->max_len) {
		return -EINVAL;
	}
	return __real_lwm2m_get_or_create_engine_obj(asked, instance, created);
}
#endif
