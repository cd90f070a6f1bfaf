/* SPDX-License-Identifier: Apache-2.0 */

/* What POSIX says of files, and what each file system does here. Its argument names the file
 * system; it exits with the number of cases that came out otherwise than they are written down, and
 * says which.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An answer that is no errno: what was asked is not so. */
#define NO (-1)

/* The errno of a call that failed; 0. */
static int of(int result)
{
	return result < 0 ? errno : 0;
}

static void put(const char *path, const char *text)
{
	int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0666);

	(void)write(file, text, strlen(text));
	(void)close(file);
}

static bool has(const char *path, const char *text)
{
	char bytes[16];
	int file = open(path, O_RDONLY);
	ssize_t size = file < 0 ? -1 : read(file, bytes, sizeof(bytes));

	(void)close(file);
	return size == (ssize_t)strlen(text) && memcmp(bytes, text, (size_t)size) == 0;
}

static bool is_there(const char *path)
{
	struct stat stat_of_it;

	return stat(path, &stat_of_it) == 0;
}

/* Removes a directory and all in it, as it lists that. */
static int clear(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char below[64];
	int result = dir == NULL ? errno : 0;

	while (result == 0 && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
			(void)snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
			result = unlink(below) == 0 ? 0 : clear(below);
		}
	}
	if (dir != NULL) {
		(void)closedir(dir);
	}
	return result == 0 ? of(rmdir(path)) : result;
}

/* Does something with a file that is open meanwhile. */
static int while_open(const char *path, int (*call)(void))
{
	int file = open(path, O_RDONLY);
	int result = of(file) != 0 ? NO : call();

	(void)close(file);
	return result;
}

static int remove_file(void)
{
	return of(unlink("/p/file"));
}

static int move_file(void)
{
	return of(rename("/p/file", "/p/moved"));
}

static int replace_file(void)
{
	put("/p/other", "other");
	return of(rename("/p/other", "/p/file"));
}

static int empty_file(void)
{
	int file = open("/p/file", O_WRONLY | O_TRUNC);

	return of(file) != 0 ? errno : of(close(file));
}

static int unlink_open(void)
{
	return while_open("/p/file", remove_file);
}

static int rename_open(void)
{
	return while_open("/p/file", move_file);
}

static int rename_over_open(void)
{
	return while_open("/p/file", replace_file);
}

static int truncate_open(void)
{
	return while_open("/p/file", empty_file);
}

static int rmdir_open(void)
{
	int dir = open("/p/dir", O_RDONLY | O_DIRECTORY);
	int result = of(dir) != 0 ? NO : of(rmdir("/p/dir"));

	(void)close(dir);
	return result;
}

static int append_twice(void)
{
	int one = open("/p/log", O_CREAT | O_WRONLY | O_APPEND, 0666);
	int two = open("/p/log", O_CREAT | O_WRONLY | O_APPEND, 0666);

	(void)write(one, "one", 3);
	(void)write(two, "two", 3);
	(void)write(one, "one", 3);
	(void)close(one);
	(void)close(two);
	return has("/p/log", "onetwoone") ? 0 : NO;
}

static int read_what_was_written(void)
{
	int reader = open("/p/file", O_RDONLY);
	int writer = open("/p/file", O_WRONLY);
	char bytes[4] = {0};
	struct stat stat_of_it;

	(void)pwrite(writer, "more", 4, 0);
	(void)pread(reader, bytes, sizeof(bytes), 0);
	(void)fstat(reader, &stat_of_it);
	(void)close(reader);
	(void)close(writer);
	return memcmp(bytes, "more", 4) == 0 && stat_of_it.st_size == 4 ? 0 : NO;
}

static int rmdir_dot(void)
{
	return of(rmdir("/p/dir/."));
}

static int rename_dot(void)
{
	return of(rename("/p/dir/.", "/p/other"));
}

static int rename_to_dot(void)
{
	return of(rename("/p/dir", "/p/."));
}

static int rename_below_itself(void)
{
	return of(rename("/p/dir", "/p/dir/below"));
}

static int rename_to_itself(void)
{
	return of(rename("/p/file", "/p/file"));
}

static int rename_by_case(void)
{
	int result = of(rename("/p/file", "/p/FILE"));

	return result == 0 && !has("/p/FILE", "file") ? NO : result;
}

static int rename_over_file(void)
{
	put("/p/other", "other");
	(void)rename("/p/other", "/p/file");
	return has("/p/file", "other") && !is_there("/p/other") ? 0 : NO;
}

static int rename_dir_over_empty_dir(void)
{
	(void)mkdir("/p/empty", 0777);
	return of(rename("/p/dir", "/p/empty"));
}

static int rename_dir_over_full_dir(void)
{
	(void)mkdir("/p/empty", 0777);
	put("/p/dir/file", "file");
	return of(rename("/p/empty", "/p/dir"));
}

static int rename_file_over_dir(void)
{
	return of(rename("/p/file", "/p/dir"));
}

static int rename_dir_over_file(void)
{
	return of(rename("/p/dir", "/p/file"));
}

static int case_is_a_difference(void)
{
	put("/p/FILE", "other");
	return has("/p/file", "file") && has("/p/FILE", "other") ? 0 : NO;
}

static int a_dot_is_a_difference(void)
{
	put("/p/file.", "other");
	return has("/p/file", "file") && has("/p/file.", "other") ? 0 : NO;
}

static int mkdir_twice(void)
{
	return of(mkdir("/p/dir", 0777));
}

static int mkdir_over_file(void)
{
	return of(mkdir("/p/file", 0777));
}

static int rmdir_full(void)
{
	put("/p/dir/file", "file");
	return of(rmdir("/p/dir"));
}

static int rmdir_file(void)
{
	return of(rmdir("/p/file"));
}

static int unlink_dir(void)
{
	return of(unlink("/p/dir"));
}

static int open_exclusively(void)
{
	return of(open("/p/file", O_CREAT | O_EXCL | O_WRONLY, 0666));
}

static int open_dir_to_write(void)
{
	return of(open("/p/dir", O_WRONLY));
}

static int open_file_as_dir(void)
{
	return of(open("/p/file", O_RDONLY | O_DIRECTORY));
}

static int open_below_file(void)
{
	return of(open("/p/file/below", O_RDONLY));
}

static int open_nothing(void)
{
	return of(open("/p/nothing", O_RDONLY));
}

static int long_name(void)
{
	static char path[300] = "/p/";

	memset(&path[3], 'n', sizeof(path) - 4);
	return of(open(path, O_CREAT | O_WRONLY, 0666));
}

static int write_to_read_only(void)
{
	int file = open("/p/file", O_RDONLY);
	int result = of(file) != 0 ? NO : of((int)write(file, "x", 1));

	(void)close(file);
	return result;
}

static int read_from_write_only(void)
{
	int file = open("/p/file", O_WRONLY);
	char byte;
	int result = of(file) != 0 ? NO : of((int)read(file, &byte, 1));

	(void)close(file);
	return result;
}

static int seek_before_begin(void)
{
	int file = open("/p/file", O_RDONLY);
	int result = lseek(file, -1, SEEK_SET) < 0 ? errno : 0;

	(void)close(file);
	return result;
}

static int write_behind_end(void)
{
	int file = open("/p/file", O_RDWR);
	char bytes[8];
	ssize_t size;

	(void)pwrite(file, "x", 1, 6);
	size = pread(file, bytes, sizeof(bytes), 0);
	(void)close(file);
	return size == 7 && memcmp(bytes, "file\0\0x", 7) == 0 ? 0 : NO;
}

static int grow(void)
{
	int file = open("/p/file", O_RDWR);
	char bytes[8];
	ssize_t size;
	int result = of(ftruncate(file, 6));

	size = pread(file, bytes, sizeof(bytes), 0);
	(void)close(file);
	return result != 0 ? result : size == 6 && memcmp(bytes, "file\0\0", 6) == 0 ? 0 : NO;
}

static int sync_file(void)
{
	int file = open("/p/file", O_WRONLY);
	int result = of(fsync(file));

	(void)close(file);
	return result;
}

static int make_link(void)
{
	return of(symlink("/p/file", "/p/link"));
}

static int remove_tree(void)
{
	char path[32];
	int result;

	for (int i = 0; i < 40; i++) {
		(void)snprintf(path, sizeof(path), "/p/dir/%d", i);
		put(path, "x");
	}
	result = clear("/p/dir");
	return result != 0 ? result : is_there("/p/dir") ? NO : 0;
}

/* docs/wasi.md has this as a table: "works", an errno, or "not so". */
static const struct {
	const char *what;
	const char *posix;
	const char *here[3];
	int (*call)(void);
} cases[] = {
	{"remove a file that is open", "works", {"EBUSY", "EBUSY", "works"}, unlink_open},
	{"move a file that is open", "works", {"EBUSY", "EBUSY", "works"}, rename_open},
	{"move a file to one that is open", "works", {"EBUSY", "EBUSY", "works"}, rename_over_open},
	{"empty a file that is open", "works", {"works", "works", "works"}, truncate_open},
	{"remove a directory that is open", "works", {"works", "works", "works"}, rmdir_open},
	{"two descriptors append to a file, and lose nothing",
	 "works",
	 {"works", "works", "works"},
	 append_twice},
	{"a descriptor reads what another wrote",
	 "works",
	 {"works", "works", "works"},
	 read_what_was_written},
	{"remove a tree as it is listed", "works", {"works", "works", "works"}, remove_tree},
	{"move a directory below itself",
	 "EINVAL",
	 {"EINVAL", "EINVAL", "EINVAL"},
	 rename_below_itself},
	{"remove a directory by its `.`", "EINVAL", {"EINVAL", "EINVAL", "EINVAL"}, rmdir_dot},
	{"move a directory by its `.`", "EINVAL", {"EINVAL", "EINVAL", "EINVAL"}, rename_dot},
	{"move a directory to a `.`", "EINVAL", {"EINVAL", "EINVAL", "EINVAL"}, rename_to_dot},
	{"move a file to where it is", "works", {"works", "works", "works"}, rename_to_itself},
	{"move a file to a name that differs in case",
	 "works",
	 {"works", "works", "works"},
	 rename_by_case},
	{"move a file to another one", "works", {"works", "works", "works"}, rename_over_file},
	{"move a directory to an empty one",
	 "works",
	 {"works", "works", "works"},
	 rename_dir_over_empty_dir},
	{"move a directory to one that is not empty",
	 "ENOTEMPTY",
	 {"ENOTEMPTY", "ENOTEMPTY", "ENOTEMPTY"},
	 rename_dir_over_full_dir},
	{"move a file to a directory",
	 "EISDIR",
	 {"EISDIR", "EISDIR", "EISDIR"},
	 rename_file_over_dir},
	{"move a directory to a file",
	 "ENOTDIR",
	 {"ENOTDIR", "ENOTDIR", "ENOTDIR"},
	 rename_dir_over_file},
	{"names that differ in case are of two files",
	 "works",
	 {"works", "not so", "works"},
	 case_is_a_difference},
	{"names that differ in a dot at the end are of two files",
	 "works",
	 {"works", "not so", "works"},
	 a_dot_is_a_difference},
	{"make a directory that is there", "EEXIST", {"EEXIST", "EEXIST", "EEXIST"}, mkdir_twice},
	{"make a directory where a file is",
	 "EEXIST",
	 {"EEXIST", "EEXIST", "EEXIST"},
	 mkdir_over_file},
	{"remove a directory that is not empty",
	 "ENOTEMPTY",
	 {"ENOTEMPTY", "ENOTEMPTY", "ENOTEMPTY"},
	 rmdir_full},
	{"remove a file as a directory", "ENOTDIR", {"ENOTDIR", "ENOTDIR", "ENOTDIR"}, rmdir_file},
	{"remove a directory as a file", "EPERM", {"EISDIR", "EISDIR", "EISDIR"}, unlink_dir},
	{"make a file that is there, exclusively",
	 "EEXIST",
	 {"EEXIST", "EEXIST", "EEXIST"},
	 open_exclusively},
	{"open a directory to write", "EISDIR", {"EISDIR", "EISDIR", "EISDIR"}, open_dir_to_write},
	{"open a file as a directory",
	 "ENOTDIR",
	 {"ENOTDIR", "ENOTDIR", "ENOTDIR"},
	 open_file_as_dir},
	{"open what is below a file", "ENOTDIR", {"ENOTDIR", "ENOENT", "ENOTDIR"}, open_below_file},
	{"open what is not there", "ENOENT", {"ENOENT", "ENOENT", "ENOENT"}, open_nothing},
	{"make a file with a name of 296 bytes",
	 "ENAMETOOLONG",
	 {"ENAMETOOLONG", "ENAMETOOLONG", "ENAMETOOLONG"},
	 long_name},
	{"write to what is open to be read",
	 "EBADF",
	 {"EBADF", "EBADF", "EBADF"},
	 write_to_read_only},
	{"read from what is open to be written",
	 "EBADF",
	 {"EBADF", "EBADF", "EBADF"},
	 read_from_write_only},
	{"seek to before the beginning",
	 "EINVAL",
	 {"EINVAL", "EINVAL", "EINVAL"},
	 seek_before_begin},
	{"write behind the end, with zeroes between",
	 "works",
	 {"works", "works", "works"},
	 write_behind_end},
	{"grow a file by zeroes", "works", {"works", "works", "works"}, grow},
	{"fsync()", "works", {"works", "works", "works"}, sync_file},
	{"make a symbolic link", "works", {"ENOSYS", "ENOSYS", "ENOSYS"}, make_link},
};

static const char *const systems[] = {"littlefs", "fat", "host"};

static const char *name_of(int result)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{0, "works"},         {NO, "not so"},
		{EBADF, "EBADF"},     {EBUSY, "EBUSY"},
		{EEXIST, "EEXIST"},   {EINVAL, "EINVAL"},
		{EISDIR, "EISDIR"},   {ENAMETOOLONG, "ENAMETOOLONG"},
		{ENOENT, "ENOENT"},   {ENOSYS, "ENOSYS"},
		{ENOTDIR, "ENOTDIR"}, {ENOTEMPTY, "ENOTEMPTY"},
		{EPERM, "EPERM"},     {ENOTCAPABLE, "ENOTCAPABLE"},
		{EXDEV, "EXDEV"},
	};
	static char number[16];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == result) {
			return names[i].name;
		}
	}
	(void)snprintf(number, sizeof(number), "errno %d", result);
	return number;
}

int main(int count, char **args)
{
	size_t system = 0;
	int wrong = 0;

	while (count == 2 && system < 3 && strcmp(args[1], systems[system]) != 0) {
		system++;
	}
	if (count != 2 || system == 3) {
		return 125;
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *result;

		(void)clear("/p");
		(void)mkdir("/p", 0777);
		(void)mkdir("/p/dir", 0777);
		put("/p/file", "file");
		result = name_of(cases[i].call());
		if (strcmp(result, cases[i].here[system]) != 0) {
			printf("%s: %s, and not %s\n", cases[i].what, result,
			       cases[i].here[system]);
			wrong++;
		}
	}
	(void)clear("/p");
	return wrong;
}
