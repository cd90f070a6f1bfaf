/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Drops MCUmgr packets that are shorter than their checksum.
 *
 * Zephyr subtracts two bytes, the CRC, from the length of each packet that arrives by a serial port
 * or by the shell, even if the packet has only one byte or none. The length is then more than
 * 65,500 bytes. Zephyr would find requests in memory behind the packet's buffer, and answer with
 * what is there, up to the end of memory. So such a packet is dropped. The guard acts on all of the
 * image (-Wl,--wrap).
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
