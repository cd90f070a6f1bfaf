/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Files of programs, and what goes wrong with them.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/fs/fs.h>

#include "common.h"

ZTEST(files, test_what_is_written_is_read)
{
	EXPECT(0, "round-trip", "/file.bin");
	EXPECT(0, "mkdir", "/sub");
	EXPECT(0, "rename", "/file.bin", "/sub/file.bin");
	EXPECT(0, "read", "/sub/file.bin");
	EXPECT(WASI_NOENT, "read", "/file.bin");
	EXPECT(0, "remove", "/sub/file.bin");
	EXPECT(0, "remove", "/sub");
	EXPECT(WASI_NOENT, "remove", "/sub");
}

ZTEST(files, test_nothing_is_outside)
{
	card_write(CARD "/a", "a", 1);
	EXPECT(0, "read", "/a");
	EXPECT(WASI_PERM, "read", "/../bad/file");
	EXPECT(WASI_NOENT, "read", "/none/../a");
	EXPECT(WASI_NAMETOOLONG, "long-path");
	EXPECT(0, "read", "/read-only/a");
	EXPECT(WASI_ROFS, "fill", "/read-only/b");
	EXPECT(WASI_ROFS, "remove", "/read-only/a");
	EXPECT(WASI_ROFS, "mkdir", "/read-only/sub");
}

int32_t zephyr_wasm_path_rename(const char *from, size_t from_length, const char *to,
				size_t to_length);
int32_t zephyr_wasm_path_stat(const char *path, size_t length, uint64_t *size);
int32_t zephyr_wasm_path_remove(const char *path, size_t length);

/* As a manifest may have it that no tool has checked. With a slash in front, which is not there, it
 * would be longer than the room that it is in. */
ZTEST(files, test_a_path_that_begins_nowhere)
{
	char path[255];
	uint64_t size;

	memset(path, 'a', sizeof(path));
	for (size_t length = 0; length <= sizeof(path); length++) {
		zassert_equal(zephyr_wasm_path_stat(path, length, &size), -WASI_INVAL, "%zu",
			      length);
	}
	zassert_equal(zephyr_wasm_path_stat("a/b", 3, &size), -WASI_INVAL);
}

#ifdef CONFIG_FAT_FILESYSTEM_ELM
/* FatFs would take each for the directory, which may be all that a program was given. */
ZTEST(files, test_a_name_that_is_none)
{
	static const struct {
		const char *path;
		int32_t error;
	} names[] = {
		{CARD "/sub/\\", WASI_INVAL},
		{CARD "/sub/\\\\", WASI_INVAL},
		{CARD "/sub/\001", WASI_NOENT},
		{CARD "/sub/\037x", WASI_NOENT},
	};
	static const char to[] = CARD "/moved";
	struct fs_dirent entry;

	zassert_ok(fs_mkdir(CARD "/sub"));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *path = names[i].path;

		zassert_equal(zephyr_wasm_path_rename(path, strlen(path), to, strlen(to)),
			      -names[i].error, "%zu", i);
		zassert_equal(zephyr_wasm_path_remove(path, strlen(path)), -names[i].error, "%zu",
			      i);
	}
	zassert_ok(fs_stat(CARD "/sub", &entry));
}
#endif

/* Also if what the first is called begins what the second is. */
ZTEST(files, test_a_move_to_another_file_system)
{
	static const char from[] = CARD "/a";
	static const char to[] = CARD "2/b/c";
	struct fs_dirent entry;

	card_write(from, "a", 1);
	EXPECT(WASI_XDEV, "rename", "/a", "/bad/a");
	zassert_ok(fs_mkdir(CARD "/2"));
	zassert_ok(fs_mkdir(CARD "/2/b"));
	zassert_equal(zephyr_wasm_path_rename(from, strlen(from), to, strlen(to)), -WASI_XDEV);
	zassert_ok(fs_stat(from, &entry));
}

ZTEST(files, test_a_full_disk)
{
	struct fs_statvfs of;

	EXPECT(WASI_NOSPC, "fill", "/full.bin");
	/* The file system is whole, and has room as soon as something goes. */
	EXPECT(0, "remove", "/full.bin");
	zassert_ok(fs_statvfs(CARD, &of));
	zassert_true(of.f_bfree > of.f_blocks / 2);
	EXPECT(0, "round-trip", "/file.bin");
}

ZTEST(files, test_too_many_open_files)
{
	card_write(CARD "/a", "a", 1);
	EXPECT(WASI_MFILE, "open-many", "/a");
	/* What it had open is closed. */
	EXPECT(0, "read", "/a");
	/* One is left for others. */
	EXPECT(CONFIG_WASM_WASI_OPEN_FILE_COUNT_PER_PROGRAM, "open-without-streams", "/a");
}

ZTEST(files, test_a_card_that_is_pulled_out)
{
	failing_begin(3);
	EXPECT(WASI_IO, "read", "/bad/file");
}

/* By appending, which needs no offset. */
ZTEST(files, test_a_file_becomes_no_larger_than_offsets)
{
	struct zephyr_wasm_stream stream;

	failing_begin(0);
	zassert_ok(zephyr_wasm_stream_file("/bad/large", ZEPHYR_WASM_STREAM_APPEND, &stream));
	zassert_equal(stream.api->write(stream.context, "a", 1), -EFBIG);
	zephyr_wasm_stream_close(&stream);
}

/* Of one byte, which it writes again and again. */
ZTEST(files, test_flash_is_not_worn_out)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;
	ZEPHYR_WASM_IMAGE_DECLARE(writer);

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(writer), &app));
	status = finish(app);
	zassert_equal(status.detail, WASI_DQUOT, "%d: %s", status.detail, status.message);
	/* Another program may, and this one not for being started again, but for a while. */
	EXPECT(0, "round-trip", "/other.bin");
	if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
		/* 10 of its 40 an hour. */
		k_sleep(K_MINUTES(15));
	}
	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(writer), &app));
	status = finish(app);
	zassert_equal(status.detail, IS_ENABLED(CONFIG_ARCH_POSIX) ? 110 : 100, "%d: %s",
		      status.detail, status.message);
}

/* The blocks that programs have been charged for. */
static uint32_t charged;

struct zephyr_wasm_writes;

bool __real_zephyr_wasm_may_write(struct zephyr_wasm_writes *writes, uint32_t count);
bool __wrap_zephyr_wasm_may_write(struct zephyr_wasm_writes *writes, uint32_t count);

bool __wrap_zephyr_wasm_may_write(struct zephyr_wasm_writes *writes, uint32_t count)
{
	charged += count;
	return __real_zephyr_wasm_may_write(writes, count);
}

/* File systems of flash save what was written before they read, and write the last block anew. */
ZTEST(files, test_flash_is_not_worn_out_by_reads)
{
	charged = 0;
	EXPECT(0, "reread", "/reread.bin");
	/* A block each time, and not one for all. */
	zassert_true(charged >= 100, "%u blocks", charged);
}

ZEPHYR_WASM_IMAGE_DECLARE(behind);
ZEPHYR_WASM_IMAGE_DECLARE(maker);
ZEPHYR_WASM_IMAGE_DECLARE(opener);
ZEPHYR_WASM_IMAGE_DECLARE(quota);

/* Has a program with a quota of 1000 bytes write as much as it may. */
static void fills_by(const struct zephyr_wasm_image *image, size_t bytes)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;
	struct fs_dirent entry;

	zassert_ok(zephyr_wasm_start(image, &app));
	status = finish(app);
	zassert_equal(status.detail, WASI_DQUOT, "%s", status.message);
	zassert_ok(fs_stat(CARD "/quota/full.bin", &entry));
	zassert_equal(entry.size, bytes, "%zu bytes", entry.size);
}

static void fills_its_quota_by(size_t bytes)
{
	fills_by(ZEPHYR_WASM_IMAGE(quota), bytes);
}

ZTEST(files, test_a_quota_of_bytes)
{
	for (int round = 0; round < 2; round++) {
		/* It counts what is there from before. */
		fills_its_quota_by(768);
	}
}

/* Nor is what it has counted less because it has closed the descriptor that it began with. */
ZTEST(files, test_a_quota_of_bytes_behind_another_descriptor)
{
	for (int round = 0; round < 2; round++) {
		fills_by(ZEPHYR_WASM_IMAGE(behind), 768);
	}
}

/* What it began with, and has closed, makes no room for more than it may open. */
ZTEST(files, test_a_quota_of_files)
{
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(opener), &app));
	status = finish(app);
	zassert_equal(status.detail, 4, "%d: %s", status.detail, status.message);
}

/* What has no bytes fills the card, too. */
ZTEST(files, test_a_quota_of_directories)
{
	for (int count = 16; count >= 0; count -= 16) {
		struct zephyr_wasm_app *app;
		struct zephyr_wasm_status status;

		zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(maker), &app));
		status = finish(app);
		zassert_equal(status.detail, count, "%d: %s", status.detail, status.message);
	}
}

/* However deep that is: a program may make as many directories as its paths have room for. */
ZTEST(files, test_a_quota_of_bytes_that_are_deep)
{
	static const char bytes[700] = {1};
	char path[64] = CARD "/quota";

	zassert_ok(fs_mkdir(path));
	for (int depth = 0; depth < 10; depth++) {
		strcat(path, "/d");
		zassert_ok(fs_mkdir(path), "%s", path);
	}
	strcat(path, "/file");
	card_write(path, bytes, sizeof(bytes));
	fills_its_quota_by(256);
}

/* What it has moved deeper than any path of its goes would be free after its next start, and could
 * be moved back. */
ZTEST(files, test_a_quota_of_bytes_that_are_out_of_reach)
{
	static const char bytes[700] = {1};
	static const char moved[] = CARD "/moved";
	char deep[400] = CARD "/quota";
	char path[160] = CARD "/moved";

	zassert_ok(fs_mkdir(deep));
	zassert_ok(fs_mkdir(path));
	strcat(path, "/");
	memset(&path[strlen(path)], 'd', 100);
	zassert_ok(fs_mkdir(path));
	strcat(path, "/file");
	card_write(path, bytes, sizeof(bytes));
	strcat(deep, "/");
	memset(&deep[strlen(deep)], 'd', 200);
	zassert_ok(fs_mkdir(deep));
	strcat(deep, "/moved");
	zassert_ok(fs_rename(moved, deep));
	fills_its_quota_by(0);
}

ZTEST(files, test_snapshot_0)
{
	ZEPHYR_WASM_IMAGE_DECLARE(unstable);
	struct zephyr_wasm_status status;
	struct zephyr_wasm_app *app;

	zassert_ok(zephyr_wasm_start(ZEPHYR_WASM_IMAGE(unstable), &app));
	status = finish(app);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(status.detail, 0, "step %d", status.detail);
}
