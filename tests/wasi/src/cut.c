/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Power that is cut while a program writes: what it had synced before is there, and so is the card.
 */

#include <zephyr/storage/disk_access.h>
#include <zephyr/storage/flash_map.h>
#include <zephyr/sys/atomic.h>

#include "common.h"

/* How many writes are left before the cut; none is near by far. */
#define NO_CUT INT_MAX
static atomic_t writes_left = ATOMIC_INIT(NO_CUT);

/* How many have been lost. */
static atomic_t lost;

/* As of the cut, nothing arrives. */
static bool is_lost(void)
{
	if (atomic_get(&writes_left) > 0 && atomic_dec(&writes_left) > 0) {
		return false;
	}
	(void)atomic_inc(&lost);
	return true;
}

/* The linker has the card's file system call these. */
#ifdef CONFIG_FLASH_MAP
int __real_flash_area_write(const struct flash_area *area, off_t offset, const void *bytes,
			    size_t size);
int __real_flash_area_erase(const struct flash_area *area, off_t offset, size_t size);

int __wrap_flash_area_write(const struct flash_area *area, off_t offset, const void *bytes,
			    size_t size)
{
	return is_lost() ? 0 : __real_flash_area_write(area, offset, bytes, size);
}

int __wrap_flash_area_erase(const struct flash_area *area, off_t offset, size_t size)
{
	return is_lost() ? 0 : __real_flash_area_erase(area, offset, size);
}

#endif

#ifdef CONFIG_DISK_ACCESS
int __real_disk_access_write(const char *disk, const uint8_t *bytes, uint32_t sector,
			     uint32_t count);

int __wrap_disk_access_write(const char *disk, const uint8_t *bytes, uint32_t sector,
			     uint32_t count)
{
	return is_lost() ? 0 : __real_disk_access_write(disk, bytes, sector, count);
}
#endif

static struct zephyr_wasm_status run(const char *const *args, size_t count)
{
	static struct zephyr_wasm_command command;

	return finish(begin(&command, args, count));
}

static void runs_well(const char *what)
{
	const char *const args[] = {"shared", what};
	struct zephyr_wasm_status status = run(args, ARRAY_SIZE(args));

	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(status.detail, 0, "%s: shared.c:%d", what, status.detail);
}

/* LittleFS takes QEMU its time. */
#if defined(CONFIG_ARCH_POSIX) || defined(CONFIG_FAT_FILESYSTEM_ELM)
#define MOST_WRITES 50
#else
#define MOST_WRITES 5
#endif

ZTEST(files, test_power_is_cut)
{
	static const char *const works[][4] = {
		{"shared", "appends", "/log", "line"},
		{"shared", "removes-a-tree", "10"},
		{"shared", "replaced"},
		{"shared", "respelt"},
	};
	static const size_t counts[] = {4, 3, 2, 2};

	for (size_t work = 0; work < ARRAY_SIZE(works); work++) {
		for (int writes = 0; writes < MOST_WRITES; writes = 2 * writes + 1) {
			card_begin();
			runs_well("syncs");
			(void)atomic_set(&lost, 0);
			(void)atomic_set(&writes_left, writes);
			/* However it ends, as what it reads is not what it wrote. */
			(void)run(works[work], counts[work]);
			card_pull_out();
			(void)atomic_set(&writes_left, NO_CUT);
			/* It has written, or else nothing is tried here. */
			zassert_true(writes > 0 || atomic_get(&lost) > 0, "%s", works[work][1]);
			card_put_in();
			runs_well("has-synced");
		}
	}
}
