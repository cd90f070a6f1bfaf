/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A flash that loses its power in the middle of what it does, and that does not take two writes to
 * one place.
 */

#include <string.h>

#include <zephyr/device.h>
#include <zephyr/drivers/flash.h>
#include <zephyr/drivers/flash/flash_simulator.h>

#include "common.h"

#define BLOCK      1024
#define WRITE_UNIT 8
#define ERASE_STEP 64

uint8_t flash_bytes[FLASH_SIZE];

static int steps_left = -1;
static void (*on_erase)(void);

void flash_on_erase(void (*call)(void))
{
	on_erase = call;
}

void flash_cut_after(int steps)
{
	steps_left = steps;
}

bool flash_is_cut(void)
{
	return steps_left == 0;
}

/* Takes a step; false if the power is off. */
static bool step(void)
{
	if (steps_left == 0) {
		return false;
	}
	if (steps_left > 0) {
		steps_left--;
	}
	return true;
}

static int read(const struct device *dev, off_t offset, void *data, size_t size)
{
	ARG_UNUSED(dev);
	if (offset < 0 || offset + size > FLASH_SIZE) {
		return -EINVAL;
	}
	memcpy(data, &flash_bytes[offset], size);
	return 0;
}

static int write(const struct device *dev, off_t offset, const void *data, size_t size)
{
	ARG_UNUSED(dev);
	zassert_true(offset >= 0 && offset + size <= FLASH_SIZE);
	zassert_true(offset % WRITE_UNIT == 0 && size % WRITE_UNIT == 0);
	for (size_t done = 0; done < size; done += WRITE_UNIT) {
		uint8_t *to = &flash_bytes[offset + done];

		if (flash_is_cut()) {
			return -EIO;
		}
		for (size_t i = 0; i < WRITE_UNIT; i++) {
			zassert_equal(to[i], 0xff, "a second write at %u",
				      (unsigned int)(offset + done));
		}
		for (size_t i = 0; i < WRITE_UNIT; i++) {
			uint8_t byte = ((const uint8_t *)data)[done + i];

			if (!step() || flash_is_cut()) {
				/* Some of its bits have come. */
				to[i] = byte | 0x55;
				return -EIO;
			}
			to[i] = byte;
		}
	}
	return 0;
}

static int erase(const struct device *dev, off_t offset, size_t size)
{
	ARG_UNUSED(dev);
	zassert_true(offset >= 0 && offset + size <= FLASH_SIZE);
	zassert_true(offset % BLOCK == 0 && size % BLOCK == 0);
	if (on_erase != NULL && offset >= JOURNAL_SIZE) {
		on_erase();
		on_erase = NULL;
	}
	for (size_t done = 0; done < size; done += ERASE_STEP) {
		if (flash_is_cut()) {
			return -EIO;
		}
		if (!step() || flash_is_cut()) {
			/* Some of its bits are erased. */
			for (size_t i = 0; i < ERASE_STEP; i++) {
				flash_bytes[offset + done + i] |= 0x3c;
			}
			return -EIO;
		}
		memset(&flash_bytes[offset + done], 0xff, ERASE_STEP);
	}
	return 0;
}

static const struct flash_parameters parameters = {
	.write_block_size = WRITE_UNIT,
	.erase_value = 0xff,
};

static const struct flash_parameters *get_parameters(const struct device *dev)
{
	ARG_UNUSED(dev);
	return &parameters;
}

static void page_layout(const struct device *dev, const struct flash_pages_layout **layout,
			size_t *count)
{
	static const struct flash_pages_layout pages = {
		.pages_count = FLASH_SIZE / BLOCK,
		.pages_size = BLOCK,
	};

	ARG_UNUSED(dev);
	*layout = &pages;
	*count = 1;
}

static DEVICE_API(flash, api) = {
	.read = read,
	.write = write,
	.erase = erase,
	.get_parameters = get_parameters,
	.page_layout = page_layout,
};

/* What the simulator of Zephyr's has for code that runs from it. */
void *z_impl_flash_simulator_get_memory(const struct device *dev, size_t *size)
{
	ARG_UNUSED(dev);
	*size = FLASH_SIZE;
	return flash_bytes;
}

DEVICE_DT_DEFINE(DT_NODELABEL(test_flash), NULL, NULL, NULL, NULL, POST_KERNEL,
		 CONFIG_FLASH_INIT_PRIORITY, &api);
