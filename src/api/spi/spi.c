/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host API zephyr:spi, by Zephyr's SPI controllers.
 */

#include <string.h>

#include <zephyr/devicetree.h>
#include <zephyr/drivers/spi.h>

#include <zephyr_wasm/releases.h>

#include "api/buses.h"
#include "core/wall.h"
#include "observe/log_rate.h"
#include "zephyr_wasm_declared.h"

#define OPERATION (ZEPHYR_WASM_SPI_OP_MODE_CONTROLLER | SPI_TRANSFER_MSB | SPI_WORD_SET(8))
#define ENTRY(node)                                                                                \
	{                                                                                          \
		.name = DT_NODE_FULL_NAME(node),                                                   \
		.spec = SPI_DT_SPEC_GET(node, OPERATION),                                          \
	},

static const struct {
	const char *name;
	struct spi_dt_spec spec;
} devices[] = {DT_FOREACH_STATUS_OKAY(zephyr_wasm_spi_device, ENTRY)};

ZEPHYR_WASM_BUS_LOCKS_DEFINE(devices, spec.bus)

/* The part of a node's name before its address. */
static size_t name_length(const char *name)
{
	size_t length = 0;

	while (name[length] != '\0' && name[length] != '@') {
		length++;
	}
	return length;
}

/** Returns the number of a device, or FAILURE_UNKNOWN. */
int32_t zephyr_wasm_spi_find(const char *name, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++) {
		if (name_length(devices[i].name) == length &&
		    memcmp(devices[i].name, name, length) == 0 &&
		    spi_is_ready_dt(&devices[i].spec)) {
			return (int32_t)i;
		}
	}
	return FAILURE_UNKNOWN;
}

/** Returns the most bytes of one transfer. */
uint32_t zephyr_wasm_spi_size(void)
{
	return CONFIG_WASM_SPI_SIZE;
}

#ifdef CONFIG_WASM_USERSPACE
bool zephyr_wasm_spi_may_transfer(uint32_t device, const uint8_t *write, size_t write_size,
				  uint8_t *read, size_t read_size)
{
	ARG_UNUSED(write);
	ARG_UNUSED(write_size);
	ARG_UNUSED(read);
	ARG_UNUSED(read_size);
	return device < ARRAY_SIZE(devices) &&
	       zephyr_wasm_granted("zephyr:spi device", devices[device].name,
				   name_length(devices[device].name));
}
#endif

int32_t zephyr_wasm_spi_transfer(uint32_t device, const uint8_t *write, size_t write_size,
				 uint8_t *read, size_t read_size)
{
	const struct spi_buf out = {.buf = (void *)write, .len = write_size};
	const struct spi_buf in = {.buf = read, .len = read_size};
	const struct spi_buf_set outs = {.buffers = &out, .count = write_size > 0};
	const struct spi_buf_set ins = {.buffers = &in, .count = read_size > 0};
	int result;

	if (!zephyr_wasm_holds(device < ARRAY_SIZE(devices) && write_size <= CONFIG_WASM_SPI_SIZE &&
			       read_size <= CONFIG_WASM_SPI_SIZE)) {
		return FAILURE_INVALID;
	}
	/* Nothing is transferred without bytes. Not all drivers would return from that. */
	if (write_size == 0 && read_size == 0) {
		return 0;
	}
	ZEPHYR_WASM_BUS_LOCK(devices, device);
	result = spi_transceive_dt(&devices[device].spec, &outs, &ins);
	ZEPHYR_WASM_BUS_UNLOCK(devices, device);
	if (result >= 0) {
		return 0;
	}
	zephyr_wasm_failed();
	return FAILURE_IO;
}
