/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:i2c, by Zephyr's I2C controllers.
 */

#include <zephyr/devicetree.h>
#include <zephyr/drivers/i2c.h>
#include <zephyr/sys/printk.h>

#include "api/buses.h"
#include "core/names.h"
#include "core/wall.h"
#include "observe/log_rate.h"
#include "zephyr_wasm_declared.h"

#define NODE DT_COMPAT_GET_ANY_STATUS_OKAY(zephyr_wasm_i2cs)
#define ENTRY(node)                                                                                \
	{                                                                                          \
		.name = DT_NODE_FULL_NAME(node),                                                   \
		.device = DEVICE_DT_GET(DT_PHANDLE(node, bus)),                                    \
	},

/* The largest address of seven bits. */
#define LAST_ADDRESS 0x7f

static const struct {
	const char *name;
	const struct device *device;
} buses[] = {
#if DT_HAS_COMPAT_STATUS_OKAY(zephyr_wasm_i2cs)
	DT_FOREACH_CHILD_STATUS_OKAY(NODE, ENTRY)
#endif
};

ZEPHYR_WASM_BUS_LOCKS_DEFINE(buses, device)

/** Returns the number of a bus, or FAILURE_UNKNOWN. */
int32_t zephyr_wasm_i2c_find(const char *name, size_t length)
{
	int32_t place =
		zephyr_wasm_find_name(buses, ARRAY_SIZE(buses), sizeof(buses[0]), name, length);

	return place >= 0 && !device_is_ready(buses[place].device) ? FAILURE_UNKNOWN : place;
}

const char *zephyr_wasm_i2c_name(uint32_t bus)
{
	return zephyr_wasm_holds(bus < ARRAY_SIZE(buses)) ? buses[bus].name : NULL;
}

/** Returns the most bytes of one transfer. */
uint32_t zephyr_wasm_i2c_size(void)
{
	return CONFIG_WASM_I2C_SIZE;
}

#ifdef CONFIG_WASM_USERSPACE
bool zephyr_wasm_i2c_may_transfer(uint32_t bus, uint32_t address, const uint8_t *write,
				  size_t write_size, uint8_t *read, size_t read_size)
{
	char device[64];
	int length;

	ARG_UNUSED(write);
	ARG_UNUSED(write_size);
	ARG_UNUSED(read);
	ARG_UNUSED(read_size);
	if (bus >= ARRAY_SIZE(buses)) {
		return false;
	}
	length = snprintk(device, sizeof(device), "%s@0x%02x", buses[bus].name,
			  (unsigned int)address);
	return length < sizeof(device) && zephyr_wasm_granted("zephyr:i2c device", device, length);
}
#endif

int32_t zephyr_wasm_i2c_transfer(uint32_t bus, uint32_t address, const uint8_t *write,
				 size_t write_size, uint8_t *read, size_t read_size)
{
	const struct device *device;
	int result;

	/* Drivers would cut a longer address to seven bits, which could be another address than the
	 * granted one. */
	if (!zephyr_wasm_holds(bus < ARRAY_SIZE(buses) && address <= LAST_ADDRESS &&
			       write_size <= CONFIG_WASM_I2C_SIZE &&
			       read_size <= CONFIG_WASM_I2C_SIZE)) {
		return FAILURE_INVALID;
	}
	/* A transfer without bytes is refused. A driver (i2c_sam_twihs) sends the first byte
	 * without checking the size, and then bytes behind it, which are not the app's. */
	if (write_size == 0 && read_size == 0) {
		return FAILURE_INVALID;
	}
	device = buses[bus].device;
	ZEPHYR_WASM_BUS_LOCK(buses, bus);
	if (read_size == 0) {
		result = i2c_write(device, write, write_size, address);
	} else if (write_size == 0) {
		result = i2c_read(device, read, read_size, address);
	} else {
		result = i2c_write_read(device, address, write, write_size, read, read_size);
	}
	ZEPHYR_WASM_BUS_UNLOCK(buses, bus);
	if (result == 0) {
		return 0;
	}
	zephyr_wasm_failed();
	/* Drivers report a missing acknowledge as -EIO or -ENXIO, the emulator as -ENODEV. */
	return result == -EIO || result == -ENXIO || result == -ENODEV ? FAILURE_IO : FAILURE_STATE;
}
