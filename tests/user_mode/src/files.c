/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Attacks on files: of others, where the app has nothing, and what it may only read.
 */

#include <string.h>

#include <ff.h>

#include <zephyr/app_memory/app_memdomain.h>
#include <zephyr/fs/fs.h>

#include "attacks.h"
#include "zephyr_wasm_gate.h"

K_APP_DMEM(zephyr_wasm_engine_partition) bool holds_files = false;

/* WASI, as the Rust side calls it. */
int32_t zephyr_wasm_file_open(const char *path, size_t length, uint32_t how);
int32_t zephyr_wasm_file_close(uint32_t file);
int32_t zephyr_wasm_file_read(uint32_t file, uint64_t from, uint8_t *bytes, size_t size);
int32_t zephyr_wasm_file_write(uint32_t file, uint64_t at, const uint8_t *bytes, size_t size);
uint64_t zephyr_wasm_file_size(uint32_t file);
int32_t zephyr_wasm_file_set_size(uint32_t file, uint64_t size);
int32_t zephyr_wasm_file_sync(uint32_t file);
int32_t zephyr_wasm_path_stat(const char *path, size_t length, uint64_t *size);
int32_t zephyr_wasm_path_make_directory(const char *path, size_t length);
int32_t zephyr_wasm_path_remove(const char *path, size_t length);
int32_t zephyr_wasm_path_rename(const char *from, size_t from_length, const char *to,
				size_t to_length);
int32_t zephyr_wasm_dir_open(const char *path, size_t length);
int32_t zephyr_wasm_dir_next(uint32_t dir, char *name, uint64_t *size, bool *is_directory);
void zephyr_wasm_dir_close(uint32_t dir);
int32_t zephyr_wasm_input(uint8_t *bytes, size_t size, bool wait);
int32_t zephyr_wasm_output(uint32_t number, const uint8_t *bytes, size_t size);
bool zephyr_wasm_is_terminal(uint32_t number);

/* How a file is opened. */
#define READS     0
#define WRITES    BIT(0)
#define CREATES   BIT(1)
#define TRUNCATES BIT(2)

/* A text with whatever is in it. */
#define TEXT(literal) literal, sizeof(literal) - 1

/* The neighbour is the first to open anything. */
#define OF_NEIGHBOUR 0

#define MOST_FILES 2
#define MOST_LISTS 3

BUILD_ASSERT(CONFIG_WASM_WASI_OPEN_FILE_COUNT > MOST_FILES + 2);

static const char shown[] = "what may be read";

static struct fs_mount_t card;
static FATFS fat;

void card_begin(void)
{
	struct fs_file_t file;

	card = (struct fs_mount_t){.type = FS_FATFS, .mnt_point = "/RAM:", .fs_data = &fat};
	fs_file_t_init(&file);
	if (fs_mount(&card) != 0 || fs_mkdir("/RAM:/mine") != 0 || fs_mkdir("/RAM:/shown") != 0 ||
	    fs_mkdir("/RAM:/theirs") != 0 ||
	    fs_open(&file, "/RAM:/shown/in", FS_O_CREATE | FS_O_WRITE) != 0 ||
	    fs_write(&file, shown, sizeof(shown)) != sizeof(shown) || fs_close(&file) != 0) {
		k_panic();
	}
}

static bool has(const char *directory, const char *name, size_t size)
{
	struct fs_dirent entry = {.size = 0};
	struct fs_dir_t dir;
	size_t count = 0;
	bool is_there = false;

	fs_dir_t_init(&dir);
	if (fs_opendir(&dir, directory) != 0) {
		return false;
	}
	while (fs_readdir(&dir, &entry) == 0 && entry.name[0] != '\0') {
		is_there |= strcmp(entry.name, name) == 0 && entry.size == size;
		count++;
	}
	(void)fs_closedir(&dir);
	return is_there && count == 1;
}

bool card_is_whole(void)
{
	struct fs_dirent entry;

	return has("/RAM:/shown", "in", sizeof(shown)) && has("/RAM:/theirs", "held", 1) &&
	       fs_stat("/RAM:/mine", &entry) == 0 && fs_stat("/RAM:/mine2", &entry) != 0;
}

void hold_files(void)
{
	int32_t file = zephyr_wasm_file_open(TEXT("/RAM:/theirs/held"), WRITES | CREATES);

	if (file != OF_NEIGHBOUR || zephyr_wasm_file_write(file, 0, (const uint8_t *)"1", 1) != 1 ||
	    zephyr_wasm_dir_open(TEXT("/RAM:/theirs")) != OF_NEIGHBOUR) {
		k_oops();
	}
}

static void must(bool is_done)
{
	if (!is_done) {
		k_oops();
	}
}

/* As the runtime does it for a program. */
void use_files(void)
{
	bool is_directory = false;
	uint8_t bytes[sizeof(shown)];
	char name[256];
	uint64_t size;
	int32_t file;
	int32_t dir;

	file = zephyr_wasm_file_open(TEXT("/RAM:/mine/x"), WRITES | CREATES | TRUNCATES);
	must(file >= 0 && zephyr_wasm_file_write(file, 0, (const uint8_t *)"12", 2) == 2);
	must(zephyr_wasm_file_set_size(file, 1) == 0 && zephyr_wasm_file_sync(file) == 0);
	must(zephyr_wasm_file_size(file) == 1 && zephyr_wasm_file_close(file) == 0);
	must(zephyr_wasm_path_make_directory(TEXT("/RAM:/mine/sub")) == 0);
	must(zephyr_wasm_path_rename(TEXT("/RAM:/mine/x"), TEXT("/RAM:/mine/sub/y")) == 0);
	must(zephyr_wasm_path_stat(TEXT("/RAM:/mine/sub/y"), &size) == 0 && size == 1);
	must(zephyr_wasm_path_remove(TEXT("/RAM:/mine/sub/y")) == 0);
	must(zephyr_wasm_path_remove(TEXT("/RAM:/mine/sub")) == 0);
	/* As its manifest has it, and as it is in paths. */
	must(zephyr_wasm_path_stat(TEXT("/RAM:/shown/"), &size) == 1);
	must(zephyr_wasm_path_stat(TEXT("/RAM:/shown"), &size) == 1);
	file = zephyr_wasm_file_open(TEXT("/RAM:/shown/in"), READS);
	must(file >= 0 &&
	     zephyr_wasm_file_read(file, 0, bytes, sizeof(bytes)) == (int32_t)sizeof(bytes));
	must(zephyr_wasm_file_close(file) == 0);
	dir = zephyr_wasm_dir_open(TEXT("/RAM:/shown"));
	must(dir >= 0 && zephyr_wasm_dir_next(dir, name, &size, &is_directory) == 2);
	zephyr_wasm_dir_close(dir);
	must(zephyr_wasm_input(bytes, sizeof(bytes), true) == (int32_t)sizeof(bytes));
	must(zephyr_wasm_output(1, bytes, sizeof(bytes)) == (int32_t)sizeof(bytes));
	must(!zephyr_wasm_is_terminal(0));
}

static int32_t reads_what_is_shown(void)
{
	return zephyr_wasm_file_open(TEXT("/RAM:/shown/in"), READS);
}

/* More than is read at once, of its own memory. */
static uint8_t *in_own_memory(void)
{
	return (uint8_t *)(zephyr_wasm_user_of(1) + 1);
}

/* Faults if it gets no more than it may have. */
static void hoard_files(void)
{
	int count = 0;

	while (count < CONFIG_WASM_WASI_OPEN_FILE_COUNT && reads_what_is_shown() >= 0) {
		count++;
	}
	must(count != MOST_FILES);
}

static void hoard_lists(void)
{
	int count = 0;

	while (count <= MOST_LISTS && zephyr_wasm_dir_open(TEXT("/RAM:/mine")) >= 0) {
		count++;
	}
	must(count > MOST_LISTS);
}

/* The number of the file that its input leads to: the one behind the neighbour's. */
static uint32_t open_input(void)
{
	uint8_t byte;

	(void)zephyr_wasm_input(&byte, 1, true);
	return OF_NEIGHBOUR + 1;
}

void commit_on_files(enum attack which)
{
	static const char long_path[300] = "/RAM:/mine/";
	uint8_t bytes[8] = {0};
	bool is_directory;
	char name[256];
	uint64_t size;

	switch (which) {
	case OPENS_OUTSIDE:
		(void)zephyr_wasm_file_open(TEXT("/RAM:/theirs/held"), READS);
		break;
	case SEES_OUTSIDE:
		(void)zephyr_wasm_path_stat(TEXT("/RAM:/theirs/held"), &size);
		break;
	case LISTS_OUTSIDE:
		(void)zephyr_wasm_dir_open(TEXT("/RAM:"));
		break;
	case OPENS_BEHIND_DOTS:
		(void)zephyr_wasm_file_open(TEXT("/RAM:/mine/../theirs/held"), READS);
		break;
	case SEES_BEHIND_DOTS:
		(void)zephyr_wasm_path_stat(TEXT("/RAM:/mine/../theirs"), &size);
		break;
	case LISTS_BEHIND_DOTS:
		(void)zephyr_wasm_dir_open(TEXT("/RAM:/mine/.."));
		break;
	case MAKES_BEHIND_DOTS:
		(void)zephyr_wasm_path_make_directory(TEXT("/RAM:/mine/../theirs/more"));
		break;
	case REMOVES_BEHIND_DOTS:
		(void)zephyr_wasm_path_remove(TEXT("/RAM:/mine/../shown/in"));
		break;
	case OPENS_BESIDE:
		(void)zephyr_wasm_path_make_directory(TEXT("/RAM:/mine2"));
		break;
	case OPENS_BEHIND_TWO_SLASHES:
		(void)zephyr_wasm_file_open(TEXT("/RAM:/mine//x"), WRITES | CREATES);
		break;
	case OPENS_BY_A_DOT:
		(void)zephyr_wasm_file_open(TEXT("/RAM:/mine/./x"), WRITES | CREATES);
		break;
	case OPENS_BEHIND_ZERO:
		(void)zephyr_wasm_file_open(TEXT("/RAM:/mine/x\0y"), WRITES | CREATES);
		break;
	case REMOVES_BEHIND_ZERO:
		(void)zephyr_wasm_path_remove(TEXT("/RAM:/mine\0/x"));
		break;
	case OPENS_LONG_PATH:
		(void)zephyr_wasm_file_open(long_path, sizeof(long_path), READS);
		break;
	case MOVES_OUT:
		(void)zephyr_wasm_path_rename(TEXT("/RAM:/mine/x"), TEXT("/RAM:/theirs/x"));
		break;
	case MOVES_IN:
		(void)zephyr_wasm_path_rename(TEXT("/RAM:/theirs/held"), TEXT("/RAM:/mine/held"));
		break;
	case MOVES_BEHIND_DOTS:
		(void)zephyr_wasm_path_rename(TEXT("/RAM:/mine/x"), TEXT("/RAM:/mine/../x"));
		break;
	case REMOVES_ITS_DIRECTORY:
		(void)zephyr_wasm_path_remove(TEXT("/RAM:/mine"));
		break;
	case MOVES_ITS_DIRECTORY:
		(void)zephyr_wasm_path_rename(TEXT("/RAM:/mine"), TEXT("/RAM:/mine/x"));
		break;
	case WRITES_READ_ONLY:
		(void)zephyr_wasm_file_open(TEXT("/RAM:/shown/in"), WRITES);
		break;
	case MAKES_FILE_IN_READ_ONLY:
		(void)zephyr_wasm_file_open(TEXT("/RAM:/shown/x"), CREATES);
		break;
	case EMPTIES_READ_ONLY:
		(void)zephyr_wasm_file_open(TEXT("/RAM:/shown/in"), WRITES | TRUNCATES);
		break;
	case MAKES_IN_READ_ONLY:
		(void)zephyr_wasm_path_make_directory(TEXT("/RAM:/shown/x"));
		break;
	case REMOVES_READ_ONLY:
		(void)zephyr_wasm_path_remove(TEXT("/RAM:/shown/in"));
		break;
	case MOVES_READ_ONLY:
		(void)zephyr_wasm_path_rename(TEXT("/RAM:/shown/in"), TEXT("/RAM:/mine/in"));
		break;
	case WRITES_WHAT_IT_READS:
		(void)zephyr_wasm_file_write(reads_what_is_shown(), 0, bytes, sizeof(bytes));
		break;
	case CUTS_WHAT_IT_READS:
		(void)zephyr_wasm_file_set_size(reads_what_is_shown(), 0);
		break;
	case EMPTIES_WITHOUT_WRITING:
		(void)zephyr_wasm_file_open(TEXT("/RAM:/mine/x"), CREATES | TRUNCATES);
		break;
	case READS_FILE_OF_NEIGHBOUR:
		(void)zephyr_wasm_file_read(OF_NEIGHBOUR, 0, bytes, sizeof(bytes));
		break;
	case WRITES_FILE_OF_NEIGHBOUR:
		(void)zephyr_wasm_file_write(OF_NEIGHBOUR, 0, bytes, sizeof(bytes));
		break;
	case CLOSES_FILE_OF_NEIGHBOUR:
		(void)zephyr_wasm_file_close(OF_NEIGHBOUR);
		break;
	case LISTS_FOR_NEIGHBOUR:
		(void)zephyr_wasm_dir_next(OF_NEIGHBOUR, name, &size, &is_directory);
		break;
	case READS_FILE_OUT_OF_RANGE:
		(void)zephyr_wasm_file_size(UINT32_MAX / 8);
		break;
	case CLOSES_ITS_INPUT:
		(void)zephyr_wasm_file_close(open_input());
		break;
	case READS_FILE_OF_ITS_INPUT:
		(void)zephyr_wasm_file_read(open_input(), 0, bytes, sizeof(bytes));
		break;
	case WRITES_TO_ITS_INPUT:
		(void)zephyr_wasm_output(0, bytes, sizeof(bytes));
		break;
	case WRITES_TO_NO_STREAM:
		(void)zephyr_wasm_output(3, bytes, sizeof(bytes));
		break;
	case ASKS_FOR_NO_STREAM:
		(void)zephyr_wasm_is_terminal(1000000);
		break;
	case READS_TOO_MUCH:
		(void)zephyr_wasm_file_read(reads_what_is_shown(), 0, in_own_memory(), 4097);
		break;
	case HOARDS_FILES:
		hoard_files();
		break;
	case HOARDS_LISTS:
		hoard_lists();
		break;
	case MAKES_WHAT_A_TERMINAL_OBEYS:
		/* It turns what follows around. */
		must(zephyr_wasm_path_make_directory(TEXT("/RAM:/mine/\342\200\256x")) == 0);
		break;
	default:
		break;
	}
}
