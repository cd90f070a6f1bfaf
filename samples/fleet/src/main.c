/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A board of a fleet: a server of LwM2M has its apps installed.
 */

#include <zephyr/net/lwm2m.h>
#include <zephyr/sys/printk.h>

#include <zephyr_wasm/store.h>

#define SECURITY_NONE 3

static struct lwm2m_ctx client;

static void event(struct lwm2m_ctx *context, enum lwm2m_rd_client_event what)
{
	ARG_UNUSED(context);
	if (what == LWM2M_RD_CLIENT_EVENT_REGISTRATION_COMPLETE) {
		printk("registered\n");
	}
}

int main(void)
{
	printk("started %d apps\n", zephyr_wasm_start_all());

	/* The server, which a product has by bootstrap, and speaks to by DTLS. */
	lwm2m_set_string(&LWM2M_OBJ(LWM2M_OBJECT_SECURITY_ID, 0, 0), CONFIG_FLEET_SERVER);
	lwm2m_set_u8(&LWM2M_OBJ(LWM2M_OBJECT_SECURITY_ID, 0, 2), SECURITY_NONE);
	lwm2m_set_u16(&LWM2M_OBJ(LWM2M_OBJECT_SECURITY_ID, 0, 10),
		      CONFIG_LWM2M_SERVER_DEFAULT_SSID);
	lwm2m_set_u16(&LWM2M_OBJ(LWM2M_OBJECT_SERVER_ID, 0, 0), CONFIG_LWM2M_SERVER_DEFAULT_SSID);

	if (zephyr_wasm_lwm2m_init() != 0) {
		printk("no instance of Software Management\n");
		return -1;
	}
	return lwm2m_rd_client_start(&client, "zephyr-wasm", 0, event, NULL);
}
