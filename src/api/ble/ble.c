/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:ble, by Zephyr's Bluetooth host.
 */

#include <string.h>

#include <zephyr/bluetooth/bluetooth.h>
#include <zephyr/bluetooth/conn.h>
#include <zephyr/bluetooth/gatt.h>
#include <zephyr/bluetooth/uuid.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/byteorder.h>

#include <zephyr_wasm/host.h>

#include "ble.h"
#include "core/locks.h"
#include "core/observer.h"
#include "core/pool.h"
#include "core/slots.h"
#include "core/thread.h"
#include "core/timing.h"
#include "core/wall.h"
#include "zephyr_wasm_declared.h"
#include "zephyr_wasm_manifest.h"

#define VALUE_SIZE ZEPHYR_WASM_BLE_VALUE_SIZE
#define DATA_SIZE  ZEPHYR_WASM_BLE_DATA_SIZE

static K_MUTEX_DEFINE(lock);
ZEPHYR_WASM_LOCKS_DEFINE(ble_locks, &lock, 1);

/* Zephyr's Bluetooth host and the controller's driver start threads here. In user mode, these are
 * in the memory domain of the app that comes first, as all threads are that its thread starts, and
 * the domain stays. They run in the kernel, for which only the file of an app is read-only in
 * there, on ARM, and only as long as the app has not ended (src/user/region.c). */
static int enable(void)
{
	static bool is_enabled;
	int result = 0;

	k_mutex_lock(&lock, K_FOREVER);
	if (!is_enabled) {
		result = bt_enable(NULL);
		/* The firmware may have enabled Bluetooth before. */
		is_enabled = result == 0 || result == -EALREADY;
	}
	k_mutex_unlock(&lock);
	return is_enabled ? 0 : result;
}

/* When the app on each slot may make its next request (CONFIG_WASM_BLE_INTERVAL_MS). */
static k_timepoint_t next_requests[CONFIG_WASM_MAX_APPS];

static void on(struct zephyr_wasm_app *app, enum zephyr_wasm_event event)
{
	if (event == ZEPHYR_WASM_EVENT_TAKEN) {
		next_requests[zephyr_wasm_slot_of(app)] = (k_timepoint_t){0};
	}
}

ZEPHYR_WASM_OBSERVER_DEFINE(50, ble) = {.on = on};

/* Makes the calling thread's app wait until it may make its next request. Zephyr's Bluetooth host
 * and the controller do the work on the system work queue, which does not count towards the app's
 * share. The app may find its request done at the first look, and so never wait: then no other app
 * of its priority would run. */
static void pace(void)
{
	struct zephyr_wasm_app *app = zephyr_wasm_current();

	if (app != NULL) {
		zephyr_wasm_pace(app, &next_requests[zephyr_wasm_slot_of(app)],
				 ZEPHYR_WASM_KEY_BLE_INTERVAL_MS, CONFIG_WASM_BLE_INTERVAL_MS);
		/* Zephyr's Bluetooth host has locks. While an app holds one, a call of the firmware
		 * does not wait, but fails. */
		zephyr_wasm_hurry_current();
	}
}

K_MSGQ_DEFINE(zephyr_wasm_ble_reports, sizeof(struct zephyr_wasm_report),
	      CONFIG_WASM_BLE_REPORT_COUNT, 1);

static void on_advertisement(const bt_addr_le_t *address, int8_t rssi, uint8_t type,
			     struct net_buf_simple *data)
{
	struct zephyr_wasm_report report = {
		.rssi = rssi,
		.size = (uint8_t)MIN(data->len, DATA_SIZE),
	};

	ARG_UNUSED(type);
	sys_memcpy_swap(report.address, address->a.val, sizeof(report.address));
	memcpy(report.data, data->data, report.size);
	/* A report for which there is no room is lost, as if it had not been received. */
	(void)k_msgq_put(&zephyr_wasm_ble_reports, &report, K_NO_WAIT);
}

struct scan {
	zephyr_wasm_owner_t owner;
	/* This app has started the scan. Otherwise, a running scan may be the firmware's. */
	bool is_on;
};

static void stop_scan(void *slot)
{
	const struct scan *scan = slot;

	if (scan->is_on) {
		(void)bt_le_scan_stop();
	}
}

/* The controller has one scan, and one advertisement. */
ZEPHYR_WASM_POOL_DEFINE(scans, struct scan, 1, stop_scan);

#ifdef CONFIG_WASM_USERSPACE
bool zephyr_wasm_ble_may_scan(void)
{
	const struct zephyr_wasm_image *image = zephyr_wasm_current()->image;

	return zephyr_wasm_rs_may_scan(image->wasm, image->size);
}

/* Whether the app may see an advertisement. The runtime leaves out all others, too. */
static bool may_see(const struct zephyr_wasm_report *report)
{
	static const char digits[] = "0123456789ABCDEF";
	char text[3 * sizeof(report->address)];
	size_t length = 0;

	for (size_t i = 0; i < sizeof(report->address); i++) {
		text[length++] = digits[report->address[i] >> 4];
		text[length++] = digits[report->address[i] & 0xf];
		text[length++] = ':';
	}
	return zephyr_wasm_granted("zephyr:ble scan", text, length - 1);
}
#else
static inline bool may_see(const struct zephyr_wasm_report *report)
{
	ARG_UNUSED(report);
	return true;
}
#endif

int32_t zephyr_wasm_ble_scan(void)
{
	int32_t number;
	int result;

	pace();
	number = zephyr_wasm_pool_take(&scans);
	if (number < 0) {
		return FAILURE_BUSY;
	}
	k_msgq_purge(&zephyr_wasm_ble_reports);
	result = enable();
	if (result == 0) {
		result = bt_le_scan_start(BT_LE_SCAN_PASSIVE, on_advertisement);
	}
	scans_slots[number].is_on = result == 0;
	if (result != 0) {
		zephyr_wasm_pool_give(&scans, number);
	}
	return result != 0 ? FAILURE_IO : number;
}

int32_t zephyr_wasm_ble_scan_next(uint32_t number, uint64_t timeout,
				  struct zephyr_wasm_report *report)
{
	k_timepoint_t end = sys_timepoint_calc(ZEPHYR_WASM_TIMEOUT(timeout));
	struct zephyr_wasm_report heard;
	int result;

	(void)zephyr_wasm_pool_slot(&scans, number);
	do {
		zephyr_wasm_wait_begin();
		result = k_msgq_get(&zephyr_wasm_ble_reports, &heard, sys_timepoint_timeout(end));
		zephyr_wasm_wait_end();
	} while (result == 0 && !may_see(&heard));
	if (result != 0) {
		return FAILURE_TIMEOUT;
	}
	*report = heard;
	return 0;
}

void zephyr_wasm_ble_scan_stop(uint32_t number)
{
	zephyr_wasm_pool_give(&scans, number);
}

struct value {
	uint8_t size;
	uint8_t bytes[VALUE_SIZE];
};

struct peripheral {
	zephyr_wasm_owner_t owner;
	bool is_on;
	struct value value;
};

K_MSGQ_DEFINE(zephyr_wasm_ble_writes, sizeof(struct value), 2, 1);

/* `under_way`: the peers to which a value is on its way. `behind`: the peers that do not have the
 * latest value. At most one value is on its way to each peer, whether the peer accepts it or not,
 * because all answers of Zephyr's Bluetooth host come from the same few buffers. */
static ATOMIC_DEFINE(under_way, CONFIG_BT_MAX_CONN);
static ATOMIC_DEFINE(behind, CONFIG_BT_MAX_CONN);

static void tell_peers(struct k_work *work);

/* Sends values on the system work queue, where Zephyr does not wait for buffers. On an app's
 * thread, it would wait for as long as a peer likes. */
static K_WORK_DEFINE(telling, tell_peers);

static void set_behind(bool is_behind)
{
	for (size_t i = 0; i < CONFIG_BT_MAX_CONN; i++) {
		atomic_set_bit_to(behind, i, is_behind);
	}
}

static void stop_advertising(void *slot)
{
	struct peripheral *peripheral = slot;

	if (peripheral->is_on) {
		(void)bt_le_adv_stop();
	}
	/* Peers stay connected, and may read the value. So the app's value is cleared. */
	k_sched_lock();
	peripheral->value = (struct value){0};
	set_behind(false);
	k_sched_unlock();
}

ZEPHYR_WASM_POOL_DEFINE(peripherals, struct peripheral, 1, stop_advertising);

/* Without extended advertising, there is one advertisement, and a connection ends it. The next one
 * may be the firmware's. */
static void on_connected(struct bt_conn *connection, uint8_t error)
{
	struct bt_conn_info info;

	if (!IS_ENABLED(CONFIG_BT_EXT_ADV) && error == 0 &&
	    bt_conn_get_info(connection, &info) == 0 && info.role == BT_CONN_ROLE_PERIPHERAL) {
		peripherals_slots[0].is_on = false;
	}
}

/* A notification to this peer is not confirmed any more, so the next one may follow. */
static void on_disconnected(struct bt_conn *connection, uint8_t reason)
{
	ARG_UNUSED(reason);
	atomic_clear_bit(under_way, bt_conn_index(connection));
}

BT_CONN_CB_DEFINE(zephyr_wasm_connections) = {
	.connected = on_connected,
	.disconnected = on_disconnected,
};

static ssize_t on_read(struct bt_conn *connection, const struct bt_gatt_attr *attribute,
		       void *buffer, uint16_t length, uint16_t offset)
{
	const struct value *value = &peripherals_slots[0].value;

	return bt_gatt_attr_read(connection, attribute, buffer, length, offset, value->bytes,
				 value->size);
}

static ssize_t on_write(struct bt_conn *connection, const struct bt_gatt_attr *attribute,
			const void *buffer, uint16_t length, uint16_t offset, uint8_t flags)
{
	struct value value = {.size = (uint8_t)length};

	ARG_UNUSED(connection);
	ARG_UNUSED(attribute);
	ARG_UNUSED(flags);
	if (offset != 0 || length > VALUE_SIZE) {
		return BT_GATT_ERR(BT_ATT_ERR_INVALID_ATTRIBUTE_LEN);
	}
	memcpy(value.bytes, buffer, length);
	if (peripherals_slots[0].owner == NULL ||
	    k_msgq_put(&zephyr_wasm_ble_writes, &value, K_NO_WAIT) != 0) {
		return BT_GATT_ERR(BT_ATT_ERR_INSUFFICIENT_RESOURCES);
	}
	return length;
}

/* The service is 4c6a2f50-5b5e-4d0a-9f1d-7a5f7ac0de00, and the value the next number. */
#define SERVICE_UUID                                                                               \
	BT_UUID_DECLARE_128(BT_UUID_128_ENCODE(0x4c6a2f50, 0x5b5e, 0x4d0a, 0x9f1d, 0x7a5f7ac0de00))
#define VALUE_UUID                                                                                 \
	BT_UUID_DECLARE_128(BT_UUID_128_ENCODE(0x4c6a2f50, 0x5b5e, 0x4d0a, 0x9f1d, 0x7a5f7ac0de01))

BT_GATT_SERVICE_DEFINE(zephyr_wasm_gatt, BT_GATT_PRIMARY_SERVICE(SERVICE_UUID),
		       BT_GATT_CHARACTERISTIC(VALUE_UUID,
					      BT_GATT_CHRC_READ | BT_GATT_CHRC_WRITE |
						      BT_GATT_CHRC_NOTIFY,
					      BT_GATT_PERM_READ | BT_GATT_PERM_WRITE, on_read,
					      on_write, NULL),
		       BT_GATT_CCC(NULL, BT_GATT_PERM_READ | BT_GATT_PERM_WRITE));

#define VALUE_ATTRIBUTE (&zephyr_wasm_gatt.attrs[1])

static void on_told(struct bt_conn *connection, void *unused)
{
	ARG_UNUSED(unused);
	atomic_clear_bit(under_way, bt_conn_index(connection));
	(void)k_work_submit(&telling);
}

static void tell(struct bt_conn *connection, void *unused)
{
	struct bt_gatt_notify_params params = {.attr = VALUE_ATTRIBUTE, .func = on_told};
	uint8_t peer = bt_conn_index(connection);
	struct value value;

	ARG_UNUSED(unused);
	if (!bt_gatt_is_subscribed(connection, VALUE_ATTRIBUTE, BT_GATT_CCC_NOTIFY) ||
	    !atomic_test_bit(behind, peer) || atomic_test_and_set_bit(under_way, peer)) {
		return;
	}
	k_sched_lock();
	value = peripherals_slots[0].value;
	atomic_clear_bit(behind, peer);
	k_sched_unlock();
	params.data = value.bytes;
	params.len = value.size;
	if (bt_gatt_notify_cb(connection, &params) != 0) {
		/* The value was not sent, and is not sent again. The peer can still read it. */
		atomic_clear_bit(under_way, peer);
	}
}

static void tell_peers(struct k_work *work)
{
	ARG_UNUSED(work);
	bt_conn_foreach(BT_CONN_TYPE_LE, tell, NULL);
}

int32_t zephyr_wasm_ble_advertise(const char *name, size_t length)
{
	const struct bt_data data[] = {
		BT_DATA_BYTES(BT_DATA_FLAGS, (BT_LE_AD_GENERAL | BT_LE_AD_NO_BREDR)),
		BT_DATA(BT_DATA_NAME_COMPLETE, name, (uint8_t)MIN(length, DATA_SIZE)),
	};
	int32_t number;
	int result;

	/* An advertisement has 3 bytes for the flags, and 2 bytes before the name. */
	if (length == 0 || length > DATA_SIZE - 3 - 2) {
		return FAILURE_INVALID;
	}
	pace();
	number = zephyr_wasm_pool_take(&peripherals);
	if (number < 0) {
		return FAILURE_BUSY;
	}
	k_msgq_purge(&zephyr_wasm_ble_writes);
	result = enable();
	if (result == 0) {
		/* Set before, because a peer may connect before this thread continues. */
		peripherals_slots[number].is_on = true;
		result = bt_le_adv_start(BT_LE_ADV_CONN_FAST_1, data, ARRAY_SIZE(data), NULL, 0);
	}
	if (result != 0) {
		peripherals_slots[number].is_on = false;
		zephyr_wasm_pool_give(&peripherals, number);
	}
	return result != 0 ? FAILURE_IO : number;
}

int32_t zephyr_wasm_ble_set(uint32_t number, const uint8_t *bytes, size_t size)
{
	struct peripheral *peripheral = zephyr_wasm_pool_slot(&peripherals, number);
	struct value *value = &peripheral->value;

	if (size > VALUE_SIZE) {
		return FAILURE_INVALID;
	}
	pace();
	k_sched_lock();
	value->size = (uint8_t)size;
	memcpy(value->bytes, bytes, size);
	set_behind(true);
	k_sched_unlock();
	(void)k_work_submit(&telling);
	return 0;
}

/** Waits until a peer writes the value, and returns how many bytes it has written. */
int32_t zephyr_wasm_ble_written(uint32_t number, uint64_t timeout, uint8_t *bytes)
{
	struct value value;
	int result;

	(void)zephyr_wasm_pool_slot(&peripherals, number);
	zephyr_wasm_wait_begin();
	result = k_msgq_get(&zephyr_wasm_ble_writes, &value, ZEPHYR_WASM_TIMEOUT(timeout));
	zephyr_wasm_wait_end();
	if (result != 0) {
		return FAILURE_TIMEOUT;
	}
	memcpy(bytes, value.bytes, value.size);
	return value.size;
}

void zephyr_wasm_ble_end_advertising(uint32_t number)
{
	zephyr_wasm_pool_give(&peripherals, number);
}
