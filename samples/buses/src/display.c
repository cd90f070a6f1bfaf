/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A device on an SPI bus that sends back what it hears.
 */

#define DT_DRV_COMPAT zephyr_wasm_spi_device

#include <string.h>

#include <zephyr/device.h>
#include <zephyr/drivers/emul.h>
#include <zephyr/drivers/spi.h>
#include <zephyr/drivers/spi_emul.h>

static int io(const struct emul *target, const struct spi_config *config,
	      const struct spi_buf_set *out, const struct spi_buf_set *in)
{
	ARG_UNUSED(target);
	ARG_UNUSED(config);
	if (in != NULL && in->count > 0 && out != NULL && out->count > 0) {
		memcpy(in->buffers[0].buf, out->buffers[0].buf,
		       MIN(in->buffers[0].len, out->buffers[0].len));
	}
	return 0;
}

static const struct spi_emul_api api = {
	.io = io,
};

static int init(const struct emul *target, const struct device *parent)
{
	ARG_UNUSED(target);
	ARG_UNUSED(parent);
	return 0;
}

/* The emulated bus wants a device behind each of its nodes. */
DEVICE_DT_INST_DEFINE(0, NULL, NULL, NULL, NULL, POST_KERNEL, CONFIG_SPI_INIT_PRIORITY, NULL);
EMUL_DT_INST_DEFINE(0, init, NULL, NULL, &api, NULL);
