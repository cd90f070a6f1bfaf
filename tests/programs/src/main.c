/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Programs of the world, and one of ours, as an operator would use them.
 */

#include <string.h>

#include <zephyr/fs/fs.h>
#include <zephyr/storage/flash_map.h>
#include <zephyr/ztest.h>

#include "stream.h"

#ifdef CONFIG_FAT_FILESYSTEM_ELM
#include <ff.h>

static FATFS fat;
static struct fs_mount_t mount = {.type = FS_FATFS, .mnt_point = CARD, .fs_data = &fat};
#define PLACE ((uintptr_t)CARD + 1)
#else
#include <zephyr/fs/littlefs.h>

#include <zephyr_wasm/releases.h>

FS_LITTLEFS_DECLARE_DEFAULT_CONFIG(littlefs);
static struct fs_mount_t mount = {
	.type = FS_LITTLEFS,
	.mnt_point = CARD,
	.fs_data = &littlefs,
	.storage_dev = (void *)ZEPHYR_WASM_DT_PARTITION_ID(DT_NODELABEL(card_partition)),
};
#define PLACE ((uintptr_t)ZEPHYR_WASM_DT_PARTITION_ID(DT_NODELABEL(card_partition)))
#endif

static void *setup(void)
{
	zassert_ok(fs_mkfs(mount.type, PLACE, NULL, 0));
	zassert_ok(fs_mount(&mount));
	return NULL;
}

ZTEST_SUITE(programs, NULL, setup, NULL, NULL, NULL);

ZTEST(programs, test_lua)
{
	EXPECT(lua, 0,
	       "local words = {}\n"
	       "for word in ('the quick brown fox'):gmatch('%a+') do words[#words + 1] = word end\n"
	       "table.sort(words)\n"
	       "print(table.concat(words, ' '), #words, 1 / 3, 2^53 // 1)\n"
	       "local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end\n"
	       "print(fib(12), string.format('%5.2f|%x', math.pi, 255))\n",
	       "brown fox quick the\t4\t0.33333333333333\t9.007199254741e+15\n144\t 3.14|ff\n");
	EXPECT(lua, 2, "error('on purpose')\n", "lua: stdin:1: on purpose\n");
	EXPECT(lua, 3, "x = = 1\n", "lua: stdin:1: unexpected symbol near '='\n");
}

ZTEST(programs, test_lz4)
{
	struct fs_file_t file;
	struct fs_dirent entry;
	static char text[3000];

	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] = "wasm on a microcontroller "[i % 26];
	}
	fs_file_t_init(&file);
	zassert_ok(fs_open(&file, CARD "/text", FS_O_CREATE | FS_O_WRITE));
	zassert_equal(fs_write(&file, text, sizeof(text)), (ssize_t)sizeof(text));
	zassert_ok(fs_close(&file));
	/* It compresses the file, decompresses that, and compares. */
	EXPECT(lz4, 0, "",
	       "inp = [text]\nlz4 = [text.lz4]\ndec = [text.lz4.dec]\n"
	       "compress : text -> text.lz4\ntext: 3000 \xe2\x86\x92 63 bytes, 2.1%\n"
	       "compress : done\ndecompress : text.lz4 -> text.lz4.dec\ndecompress : done\n"
	       "verify : text <-> text.lz4.dec\nverify : OK\n",
	       "text");
	zassert_ok(fs_stat(CARD "/text.lz4", &entry));
	zassert_true(entry.size < 200, "%zu bytes", entry.size);
}

ZTEST(programs, test_b3sum)
{
	/* The first is of the specification. */
	EXPECT(b3sum, 0, "", "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262\n");
	EXPECT(b3sum, 0, "abc",
	       "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85\n");
}

ZTEST(programs, test_json)
{
	EXPECT(json, 0, "{\"sensors\": [{\"name\": \"t\", \"celsius\": 20.5}]}", "20.5\n",
	       "/sensors/0/celsius");
	EXPECT(json, 1, "{}", "", "/none");
	EXPECT(json, 2, "[1, 2", "json: byte 5: unexpected end of data\n");
}

static void expect_file(const char *path, const char *text)
{
	struct fs_file_t file;
	char found[64];
	ssize_t size;

	fs_file_t_init(&file);
	zassert_ok(fs_open(&file, path, FS_O_READ));
	size = fs_read(&file, found, sizeof(found) - 1);
	zassert_ok(fs_close(&file));
	zassert_true(size >= 0);
	found[size] = '\0';
	zassert_str_equal(found, text);
}

ZTEST(programs, test_ed)
{
	EXPECT(ed, 0, "a\none\ntwo\n.\n1\na\nbetween\n.\n1,$n\nw\nq\n",
	       "one\n1 one\n2 between\n3 two\n3 lines\n", "/note.txt");
	/* It is on the card the next time. */
	EXPECT(ed, 0, "2\nd\n1,$p\nx\nq\n", "between\none\ntwo\n?\n", "/note.txt");
	EXPECT(ed, 1, "", "ed: a file is missing\n");
	expect_file(CARD "/note.txt", "one\nbetween\ntwo\n");
}
