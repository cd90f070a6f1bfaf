/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Drops packets of MCUmgr that are shorter than their checksum.
 *
 * Of each packet that comes by a serial port, or by the shell, Zephyr takes two bytes off the end,
 * which are its CRC, also of one that has none or one byte: that is one of more than 65,500 bytes
 * then. Requests are found in it behind their buffer, in what else the memory has, and answered
 * with that, up to where there is no memory. So it is dropped; that is for all of the image
 * (-Wl,--wrap).
 */

#include <zephyr/mgmt/mcumgr/mgmt/mgmt.h>
#include <zephyr/mgmt/mcumgr/smp/smp.h>
#include <zephyr/mgmt/mcumgr/transport/serial.h>
#include <zephyr/net_buf.h>

struct net_buf *__real_mcumgr_serial_process_frag(struct mcumgr_serial_rx_ctxt *context,
						  const uint8_t *frame, int length);
struct net_buf *__wrap_mcumgr_serial_process_frag(struct mcumgr_serial_rx_ctxt *context,
						  const uint8_t *frame, int length);

struct net_buf *__wrap_mcumgr_serial_process_frag(struct mcumgr_serial_rx_ctxt *context,
						  const uint8_t *frame, int length)
{
	struct net_buf *packet = __real_mcumgr_serial_process_frag(context, frame, length);

	if (packet != NULL && packet->len > net_buf_max_len(packet)) {
		smp_packet_free(packet);
		packet = NULL;
	}
	return packet;
}
