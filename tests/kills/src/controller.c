/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A Bluetooth controller that is as slow as the other drivers: it does what it is told at once, and
 * somebody advertises beside it while it scans. Zephyr's host above it is the real one.
 */

#include <string.h>

#include <zephyr/bluetooth/buf.h>
#include <zephyr/bluetooth/gatt.h>
#include <zephyr/bluetooth/hci.h>
#include <zephyr/bluetooth/uuid.h>
#include <zephyr/device.h>
#include <zephyr/drivers/bluetooth.h>
#include <zephyr/kernel.h>
#include <zephyr/random/random.h>
#include <zephyr/sys/byteorder.h>
#include <zephyr/ztest.h>

#include "controller.h"
#include "slow.h"

#define DT_DRV_COMPAT zephyr_wasm_slow_controller

/* What is answered by more than that it went well: how long, and which of its bytes are no zeroes.
 */
static const struct answer {
	uint16_t opcode;
	uint8_t size;
	uint8_t at;
	uint8_t bytes[3];
} answers[] = {
	/* No BR/EDR, but LE. */
	{BT_HCI_OP_READ_LOCAL_FEATURES,
	 sizeof(struct bt_hci_rp_read_local_features),
	 5,
	 {BIT(5) | BIT(6)}},
	{BT_HCI_OP_READ_LOCAL_VERSION_INFO, sizeof(struct bt_hci_rp_read_local_version_info)},
	{BT_HCI_OP_READ_SUPPORTED_COMMANDS, sizeof(struct bt_hci_rp_read_supported_commands)},
	{BT_HCI_OP_READ_BD_ADDR, sizeof(struct bt_hci_rp_read_bd_addr), 1, {1, 2, 3}},
	{BT_HCI_OP_LE_READ_LOCAL_FEATURES, sizeof(struct bt_hci_rp_le_read_local_features)},
	/* Three packets of 27 bytes. */
	{BT_HCI_OP_LE_READ_BUFFER_SIZE,
	 sizeof(struct bt_hci_rp_le_read_buffer_size),
	 1,
	 {27, 0, 3}},
};

static bt_hci_recv_t receive;
static volatile bool is_scanning;
static volatile bool is_advertising;

static void *begin_event(struct net_buf *event, uint8_t kind, size_t size)
{
	struct bt_hci_evt_hdr *header = net_buf_add(event, sizeof(*header));

	header->evt = kind;
	header->len = (uint8_t)size;
	return memset(net_buf_add(event, size), 0, size);
}

static void answer(const struct device *dev, uint16_t opcode)
{
	static const struct answer other = {.size = sizeof(struct bt_hci_evt_cc_status)};
	const struct answer *of = &other;
	struct net_buf *event = bt_buf_get_evt(BT_HCI_EVT_CMD_COMPLETE, false, K_FOREVER);
	struct bt_hci_evt_cmd_complete *complete;

	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		if (answers[i].opcode == opcode) {
			of = &answers[i];
		}
	}
	complete = begin_event(event, BT_HCI_EVT_CMD_COMPLETE, sizeof(*complete) + of->size);
	complete->ncmd = 1;
	complete->opcode = sys_cpu_to_le16(opcode);
	memcpy((uint8_t *)(complete + 1) + of->at, of->bytes,
	       MIN(sizeof(of->bytes), of->size - of->at));
	receive(dev, event);
}

/* What the controller hears, each 5 ms. */
static void hear(struct k_work *work)
{
	struct heard {
		struct bt_hci_evt_le_meta_event meta;
		struct bt_hci_evt_le_advertising_report report;
		struct bt_hci_evt_le_advertising_info info;
		uint8_t flags[3];
		int8_t rssi;
	} __packed *heard;
	struct net_buf *event = bt_buf_get_evt(BT_HCI_EVT_LE_META_EVENT, true, K_NO_WAIT);

	if (event != NULL) {
		heard = begin_event(event, BT_HCI_EVT_LE_META_EVENT, sizeof(*heard));
		*heard = (struct heard){
			.meta.subevent = BT_HCI_EVT_LE_ADVERTISING_REPORT,
			.report.num_reports = 1,
			.info.evt_type = BT_HCI_ADV_NONCONN_IND,
			.info.addr.type = BT_ADDR_LE_RANDOM,
			.info.addr.a.val = {1, 0, 0, 0xee, 0xff, 0xc0},
			.info.length = sizeof(heard->flags),
			.flags = {2, BT_DATA_FLAGS, BT_LE_AD_NO_BREDR},
			.rssi = CONTROLLER_RSSI,
		};
		receive(DEVICE_DT_INST_GET(0), event);
	}
	if (is_scanning) {
		(void)k_work_schedule(k_work_delayable_from_work(work), K_MSEC(5));
	}
}

static K_WORK_DELAYABLE_DEFINE(hearing, hear);

static int controller_open(const struct device *dev, bt_hci_recv_t to)
{
	ARG_UNUSED(dev);
	receive = to;
	return 0;
}

static int controller_send(const struct device *dev, struct net_buf *packet)
{
	uint8_t type = net_buf_pull_u8(packet);
	const struct bt_hci_cmd_hdr *command = net_buf_pull_mem(packet, sizeof(*command));
	uint16_t opcode = sys_le16_to_cpu(command->opcode);

	zassert_equal(type, BT_HCI_H4_CMD, "nobody is connected");
	(void)slow_transfer();
	if (opcode == BT_HCI_OP_LE_SET_SCAN_ENABLE) {
		is_scanning = packet->data[0] != 0;
		(void)k_work_schedule(&hearing, K_MSEC(5));
	} else if (opcode == BT_HCI_OP_LE_SET_ADV_ENABLE) {
		is_advertising = packet->data[0] != 0;
	}
	net_buf_unref(packet);
	answer(dev, opcode);
	return 0;
}

static DEVICE_API(bt_hci, controller_api) = {.open = controller_open, .send = controller_send};

DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, 50, &controller_api);

bool controller_is_idle(void)
{
	return !is_scanning && !is_advertising;
}

/* As src/api/ble/ble.c has it. */
#define VALUE_UUID                                                                                 \
	BT_UUID_DECLARE_128(BT_UUID_128_ENCODE(0x4c6a2f50, 0x5b5e, 0x4d0a, 0x9f1d, 0x7a5f7ac0de01))

static uint8_t find_value(const struct bt_gatt_attr *attribute, uint16_t handle, void *found)
{
	ARG_UNUSED(handle);
	if (bt_uuid_cmp(attribute->uuid, VALUE_UUID) != 0) {
		return BT_GATT_ITER_CONTINUE;
	}
	*(const struct bt_gatt_attr **)found = attribute;
	return BT_GATT_ITER_STOP;
}

/* NULL before Bluetooth is enabled. */
static const struct bt_gatt_attr *value_attribute(void)
{
	const struct bt_gatt_attr *value = NULL;

	bt_gatt_foreach_attr(BT_ATT_FIRST_ATTRIBUTE_HANDLE, BT_ATT_LAST_ATTRIBUTE_HANDLE,
			     find_value, &value);
	return value;
}

size_t controller_value_size(void)
{
	const struct bt_gatt_attr *value = value_attribute();
	uint8_t bytes[32];
	ssize_t size;

	zassert_not_null(value);
	size = value->read(NULL, value, bytes, sizeof(bytes), 0);
	zassert_true(size >= 0, "%d", (int)size);
	return size;
}

bool controller_write(const void *bytes, size_t size)
{
	const struct bt_gatt_attr *value = value_attribute();

	return value != NULL && value->write(NULL, value, bytes, size, 0, 0) >= 0;
}

/* What a controller with random numbers of its own has in place of CONFIG_BT_HOST_CRYPTO. */
int bt_rand(void *bytes, size_t size)
{
	sys_rand_get(bytes, size);
	return 0;
}
