/*
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/fs/littlefs.h>
#include <zephyr/storage/flash_map.h>
#include <zephyr/ztest.h>

#include <zephyr_wasm/command.h>
#include <zephyr_wasm/releases.h>

#define CASE(name, dir_count) ZEPHYR_WASM_IMAGE_DECLARE(name);
#include "cases.inc"
#undef CASE

#define CASE(name, dir_count) {ZEPHYR_WASM_IMAGE(name), dir_count},
static const struct test_case {
	const struct zephyr_wasm_image *image;
	size_t dir_count;
} cases[] = {
#include "cases.inc"
	{NULL},
};
#undef CASE

#define FILE(path, bytes) {path, bytes, sizeof(bytes) - 1},
static const struct {
	const char *path;
	const char *bytes;
	size_t size;
} files[] = {
#include "files.inc"
	{NULL},
};
#undef FILE

FS_LITTLEFS_DECLARE_DEFAULT_CONFIG(littlefs);
static struct fs_mount_t mount = {
	.type = FS_LITTLEFS,
	.mnt_point = "/lfs",
	.fs_data = &littlefs,
	.storage_dev = (void *)ZEPHYR_WASM_DT_PARTITION_ID(DT_NODELABEL(card_partition)),
};

/* Makes the directories that a path leads through. */
static void make_directories(char *path)
{
	for (char *slash = strchr(path + sizeof("/lfs"), '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)fs_mkdir(path);
		*slash = '/';
	}
}

static void begin(void)
{
	static bool mounted;

	if (mounted) {
		zassert_ok(fs_unmount(&mount));
	}
	zassert_ok(fs_mkfs(mount.type,
			   (uintptr_t)ZEPHYR_WASM_DT_PARTITION_ID(DT_NODELABEL(card_partition)),
			   NULL, 0));
	zassert_ok(fs_mount(&mount));
	mounted = true;
	for (size_t i = 0; files[i].path != NULL; i++) {
		struct fs_file_t file;
		char path[128];

		snprintk(path, sizeof(path), "/lfs/%s", files[i].path);
		make_directories(path);
		fs_file_t_init(&file);
		zassert_ok(fs_open(&file, path, FS_O_CREATE | FS_O_WRITE));
		zassert_equal(fs_write(&file, files[i].bytes, files[i].size),
			      (ssize_t)files[i].size);
		zassert_ok(fs_close(&file));
	}
	/* Git keeps no empty directories. */
	(void)fs_mkdir("/lfs/writeable");
}

static void run(const struct test_case *of)
{
	const struct zephyr_wasm_image *image = of->image;
	const char *const args[] = {image->name};
	static const char *const dirs[] = {"/=/lfs"};
	const struct zephyr_wasm_command command = {
		.args = args,
		.arg_count = ARRAY_SIZE(args),
		.dirs = dirs,
		.dir_count = of->dir_count,
		.streams = {zephyr_wasm_stream_null, zephyr_wasm_stream_console,
			    zephyr_wasm_stream_console},
	};
	static struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	begin();
	zassert_ok(zephyr_wasm_run(image, &command, &app));
	zassert_ok(zephyr_wasm_wait(app, K_SECONDS(60), &status));
	zassert_ok(zephyr_wasm_release(app));
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s: %s", image->name, status.message);
	zassert_equal(status.detail, 0, "%s: exit code %d", image->name, status.detail);
	TC_PRINT("%s passed\n", image->name);
}

ZTEST(wasi_testsuite, test_cases)
{
	if (cases[0].image == NULL) {
		/* WASI_TESTSUITE names no checkout of it. */
		ztest_test_skip();
	}
	for (size_t i = 0; cases[i].image != NULL; i++) {
		run(&cases[i]);
	}
}

ZTEST_SUITE(wasi_testsuite, NULL, NULL, NULL, NULL, NULL);
