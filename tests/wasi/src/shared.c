/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Files that are open more than once, and directories that change as they are listed.
 */

#include <string.h>

#include <zephyr/fs/fs.h>

#include "common.h"
#include "wasi/nodes.h"

ZEPHYR_WASM_IMAGE_DECLARE(posix);

struct zephyr_wasm_app *begin(struct zephyr_wasm_command *command, const char *const *args,
			      size_t count)
{
	static const char *const dirs[] = {"/=" CARD};
	struct zephyr_wasm_app *app;

	*command = (struct zephyr_wasm_command){
		.args = args,
		.arg_count = count,
		.dirs = dirs,
		.dir_count = ARRAY_SIZE(dirs),
	};
	zassert_ok(zephyr_wasm_run(ZEPHYR_WASM_IMAGE(shared), command, &app));
	return app;
}

static void ends_well(struct zephyr_wasm_app *app, const char *what)
{
	struct zephyr_wasm_status status = finish(app);

	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	zassert_equal(status.detail, 0, "%s: shared.c:%d", what, status.detail);
}

#define WELL(...)                                                                                  \
	do {                                                                                       \
		static const char *const args[] = {"shared", __VA_ARGS__};                         \
		static struct zephyr_wasm_command command;                                         \
                                                                                                   \
		ends_well(begin(&command, args, ARRAY_SIZE(args)), args[1]);                       \
	} while (false)

ZTEST(files, test_descriptors_of_one_file)
{
	WELL("one-file");
}

ZTEST(files, test_what_is_open_is_removed)
{
	WELL("removed", "/mine");
#ifdef CONFIG_FAT_FILESYSTEM_ELM
	/* FAT has more names for it. */
	WELL("removed", "/MINE");
	WELL("removed", "/mine. .");
#endif
}

ZTEST(files, test_what_is_open_is_replaced)
{
	WELL("replaced");
}

static int syncs;

int __real_fs_sync(struct fs_file_t *file);
int __wrap_fs_sync(struct fs_file_t *file);

int __wrap_fs_sync(struct fs_file_t *file)
{
	syncs++;
	return __real_fs_sync(file);
}

static void has_size(const char *path, size_t size)
{
	struct fs_dirent entry;

	zassert_ok(zephyr_wasm_wasi_path_stat(path, &entry), "%s", path);
	zassert_equal(entry.size, size, "%s: %zu", path, entry.size);
}

/* Who writes pays for what is saved, and nobody else has it saved again and again. */
ZTEST(files, test_a_look_saves_no_file)
{
	struct wasi_node *node;

	card_write(CARD "/other", "22", 2);
	zassert_ok(zephyr_wasm_wasi_node_open(
		CARD "/written", (struct wasi_how){.write = true, .create = true}, &node));
	zassert_equal(zephyr_wasm_wasi_node_write(node, 0, "1", 1), 1);
	syncs = 0;
	has_size(CARD "/other", 2);
	has_size(CARD "/written", 1);
#ifdef CONFIG_FAT_FILESYSTEM_ELM
	has_size(CARD "/WRITTEN", 1);
#endif
	zassert_equal(syncs, 0);
	zephyr_wasm_wasi_node_close(node);
	has_size(CARD "/written", 1);
}

/* With all above it: moved, it could be removed by its new name, and LittleFS would go on in blocks
 * that are another's by then. */
ZTEST(files, test_what_is_listed_stays_where_it_is)
{
	struct wasi_listing listing;
	struct fs_dirent entry;

	zassert_ok(fs_mkdir(CARD "/a"));
	zassert_ok(fs_mkdir(CARD "/a/b"));
	zassert_ok(zephyr_wasm_wasi_listing_open(&listing, CARD "/a/b"));
	zassert_equal(zephyr_wasm_wasi_path_remove(CARD "/a/b"), -EBUSY);
	zassert_equal(zephyr_wasm_wasi_path_rename(CARD "/a/b", CARD "/c"), -EBUSY);
	zassert_equal(zephyr_wasm_wasi_path_rename(CARD "/a", CARD "/c"), -EBUSY);
	zassert_ok(zephyr_wasm_wasi_listing_next(&listing, &entry));
	zassert_equal(entry.name[0], '\0');
	zephyr_wasm_wasi_listing_close(&listing);
	zassert_ok(zephyr_wasm_wasi_path_rename(CARD "/a", CARD "/c"));
	zassert_ok(zephyr_wasm_wasi_path_remove(CARD "/c/b"));
}

ZTEST(files, test_a_directory_into_itself)
{
	WELL("into-itself", "/a/c");
	WELL("into-itself", "/a/b/c");
	WELL("into-itself", "/./a/b/../c");
#ifdef CONFIG_FAT_FILESYSTEM_ELM
	WELL("into-itself", "/A/b/c");
	WELL("into-itself", "/a./B/c");
	WELL("into-itself", "/a\\c");
	WELL("into-itself", "/a\\b/c");
	WELL("into-itself", "/A.\\b\\c");
#endif
}

#ifdef CONFIG_FAT_FILESYSTEM_ELM
/* However many directories others list meanwhile. */
ZTEST(files, test_a_directory_into_itself_beside_lists)
{
	static struct wasi_listing listings[CONFIG_FS_FATFS_NUM_DIRS - 1];
	struct fs_dirent entry;

	zassert_ok(fs_mkdir(CARD "/a"));
	zassert_ok(fs_mkdir(CARD "/a/b"));
	zassert_ok(fs_mkdir(CARD "/other"));
	ARRAY_FOR_EACH_PTR(listings, listing)
	{
		zassert_ok(zephyr_wasm_wasi_listing_open(listing, CARD "/other"));
	}
	zassert_equal(zephyr_wasm_wasi_path_rename(CARD "/a", CARD "/A/b/c"), -EINVAL);
	zassert_ok(zephyr_wasm_wasi_path_rename(CARD "/a", CARD "/d"));
	ARRAY_FOR_EACH_PTR(listings, listing)
	{
		zephyr_wasm_wasi_listing_close(listing);
	}
	zassert_ok(fs_stat(CARD "/d/b", &entry));
}

/* What is cut off is anybody's: if power is lost then, the file is not what they write there. */
ZTEST(files, test_what_is_cut_is_saved)
{
	struct wasi_node *node;
	struct fs_dirent entry;

	card_write(CARD "/cut", "123", 3);
	zassert_ok(
		zephyr_wasm_wasi_node_open(CARD "/cut", (struct wasi_how){.write = true}, &node));
	zassert_ok(zephyr_wasm_wasi_node_cut(node, 0));
	zassert_ok(fs_stat(CARD "/cut", &entry));
	zassert_equal(entry.size, 0, "%zu", entry.size);
	zephyr_wasm_wasi_node_close(node);
}
#endif

ZTEST(files, test_more_than_the_card_has)
{
	WELL("too-large");
}

ZTEST(files, test_names_that_are_commands)
{
	WELL("commands");
}

ZTEST(files, test_another_spelling)
{
	WELL("respelt");
}

ZTEST(files, test_a_tree_is_removed_as_it_is_listed)
{
#if defined(CONFIG_ARCH_POSIX) || defined(CONFIG_FAT_FILESYSTEM_ELM)
	WELL("removes-a-tree", "200");
#else
	/* LittleFS takes QEMU a fifth of a second for each. */
	WELL("removes-a-tree", "60");
#endif
}

ZTEST(files, test_what_posix_says)
{
	static const char *const dirs[] = {"/=" CARD};
	static const char *const args[] = {
		"posix", IS_ENABLED(CONFIG_FAT_FILESYSTEM_ELM) ? "fat" : "littlefs"};
	static const struct zephyr_wasm_command command = {
		.args = args,
		.arg_count = ARRAY_SIZE(args),
		.dirs = dirs,
		.dir_count = ARRAY_SIZE(dirs),
	};
	struct zephyr_wasm_app *app;
	struct zephyr_wasm_status status;

	zassert_ok(zephyr_wasm_run(ZEPHYR_WASM_IMAGE(posix), &command, &app));
	status = finish(app);
	zassert_equal(status.end, ZEPHYR_WASM_END_RETURNED, "%s", status.message);
	/* It has printed which. */
	zassert_equal(status.detail, 0, "%d cases are not as posix.c has them", status.detail);
}

ZTEST(files, test_two_programs_append)
{
	static const char *const one[] = {"shared", "appends", "/log", "one"};
	static const char *const two[] = {"shared", "appends", "/log", "three"};
	static struct zephyr_wasm_command commands[2];
	struct zephyr_wasm_app *apps[2];
	struct fs_dirent entry;
	struct fs_file_t file;
	char bytes[64];
	size_t lines = 0;
	ssize_t size;

	apps[0] = begin(&commands[0], one, ARRAY_SIZE(one));
	apps[1] = begin(&commands[1], two, ARRAY_SIZE(two));
	ends_well(apps[0], "appends");
	ends_well(apps[1], "appends");
	zassert_ok(fs_stat(CARD "/log", &entry));
	zassert_equal(entry.size, 50 * sizeof("one") + 50 * sizeof("three"), "%zu", entry.size);
	fs_file_t_init(&file);
	zassert_ok(fs_open(&file, CARD "/log", FS_O_READ));
	while ((size = fs_read(&file, bytes, sizeof(bytes))) > 0) {
		for (ssize_t i = 0; i < size; i++) {
			zassert_not_null(strchr("onethr\n", bytes[i]));
			lines += bytes[i] == '\n';
		}
	}
	zassert_ok(fs_close(&file));
	zassert_equal(lines, 100);
}
