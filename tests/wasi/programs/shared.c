/* SPDX-License-Identifier: Apache-2.0 */

/* Files that are open more than once, removed, moved and listed meanwhile. Exits with the line that
 * was wrong, 0 if none was: what an errno may be differs, as a board refuses to remove what is
 * open, and this machine does it.
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

#define WANT(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			exit(__LINE__);                                                            \
		}                                                                                  \
	} while (false)

static void put(const char *path, const char *text)
{
	int file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0666);

	WANT(file >= 0);
	WANT(write(file, text, strlen(text)) == (ssize_t)strlen(text));
	WANT(close(file) == 0);
}

static bool has(const char *path, const char *text)
{
	char bytes[256];
	int file = open(path, O_RDONLY);
	ssize_t size = file < 0 ? -1 : read(file, bytes, sizeof(bytes));

	close(file);
	return size == (ssize_t)strlen(text) && memcmp(bytes, text, size) == 0;
}

static off_t size_of(int file)
{
	struct stat stat;

	return fstat(file, &stat) == 0 ? stat.st_size : -1;
}

/* Two descriptors of one file are of one file. */
static void one_file(void)
{
	int a = open("/log", O_CREAT | O_WRONLY | O_APPEND, 0666);
	int b = open("/log", O_CREAT | O_WRONLY | O_APPEND, 0666);
	int reader = open("/log", O_RDONLY);
	struct stat stat_of_path;
	char bytes[16];

	WANT(write(a, "one\n", 4) == 4 && write(b, "two\n", 4) == 4 && write(a, "three\n", 6) == 6);
	WANT(size_of(a) == 14 && size_of(b) == 14 && size_of(reader) == 14);
	WANT(stat("/log", &stat_of_path) == 0 && stat_of_path.st_size == 14);
	WANT(read(reader, bytes, sizeof(bytes)) == 14 &&
	     memcmp(bytes, "one\ntwo\nthree\n", 14) == 0);
	WANT(ftruncate(a, 3) == 0 && size_of(reader) == 3);
	WANT(pread(reader, bytes, sizeof(bytes), 0) == 3);
	/* It is emptied for all, and those that append go on at its end. */
	WANT(close(open("/log", O_WRONLY | O_TRUNC)) == 0);
	WANT(size_of(reader) == 0 && write(b, "four", 4) == 4);
	close(a);
	close(b);
	WANT(pread(reader, bytes, sizeof(bytes), 0) == 4);
	close(reader);
	WANT(has("/log", "four"));
}

/* What is open is not removed, or is there to the end for those who have it; it is nobody else's.
 */
static void removed(const char *alias)
{
	static char mine[600];
	static char theirs[601];
	static char back[600];
	int file = open("/mine", O_CREAT | O_RDWR | O_TRUNC, 0666);

	memset(mine, 'A', sizeof(mine));
	memset(theirs, 'B', sizeof(theirs) - 1);
	WANT(write(file, mine, sizeof(mine)) == sizeof(mine));
	WANT(unlink(alias) == 0 || errno == EBUSY);
	put("/theirs", theirs);
	WANT(pwrite(file, "C", 1, 0) == 1 && pread(file, back, sizeof(back), 0) == sizeof(back));
	WANT(back[0] == 'C' && back[1] == 'A' && close(file) == 0);
	file = open("/theirs", O_RDONLY);
	WANT(read(file, back, sizeof(back)) == sizeof(back) && back[0] == 'B');
	close(file);
	WANT(unlink("/theirs") == 0 && (unlink("/mine") == 0 || errno == ENOENT));
}

/* Nor is it replaced, nor moved away. */
static void replaced(void)
{
	char byte;
	int file;

	put("/old", "old");
	put("/new", "new");
	file = open("/old", O_RDONLY);
	if (rename("/new", "/old") == 0) {
		WANT(has("/old", "new"));
	} else {
		WANT(errno == EBUSY && has("/old", "old") && has("/new", "new"));
	}
	WANT(read(file, &byte, 1) == 1 && byte == 'o');
	close(file);
	put("/new", "new");
	file = open("/new", O_WRONLY | O_APPEND);
	if (rename("/new", "/old") == 0) {
		WANT(write(file, "er", 2) == 2 && close(file) == 0 && has("/old", "newer"));
	} else {
		WANT(errno == EBUSY && write(file, "er", 2) == 2 && close(file) == 0);
		WANT(has("/new", "newer") && rename("/new", "/old") == 0 && has("/old", "newer"));
	}
	WANT(unlink("/old") == 0);
}

/* A directory is not moved into itself, however that is written. */
static void into_itself(const char *inside)
{
	WANT(mkdir("/a", 0777) == 0 && mkdir("/a/b", 0777) == 0);
	put("/a/keep", "keep");
	WANT(rename("/a", inside) != 0 && (errno == EINVAL || errno == ENOENT));
	WANT(has("/a/keep", "keep"));
	WANT(rename("/a", "/b") == 0 && has("/b/keep", "keep"));
	WANT(unlink("/b/keep") == 0 && rmdir("/b/b") == 0 && rmdir("/b") == 0);
}

/* A file does not have more than there is room for, and what there is stays. */
static void too_large(void)
{
	char bytes[4];
	int file;

	put("/note", "note");
	file = open("/note", O_RDWR);
	WANT(ftruncate(file, 1 << 30) != 0 && (errno == ENOSPC || errno == EFBIG));
	WANT(size_of(file) < 1 << 30 && ftruncate(file, 4) == 0 && size_of(file) == 4);
	WANT(pwrite(file, "x", 1, 1 << 30) < 0 && (errno == ENOSPC || errno == EFBIG));
	WANT(size_of(file) < 1 << 30 && pread(file, bytes, 4, 0) == 4);
	WANT(memcmp(bytes, "note", 4) == 0 && ftruncate(file, 10000) == 0);
	WANT(size_of(file) == 10000 && pread(file, bytes, 4, 9996) == 4);
	WANT(memcmp(bytes, "\0\0\0", 4) == 0 && close(file) == 0 && unlink("/note") == 0);
}

/* Nothing is called so that the terminal which lists it would obey. */
static void commands(void)
{
	static const char *const names[] = {"/\033[2J", "/a\001b", "/\302\2332J"};

	put("/plain", "plain");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		WANT(open(names[i], O_CREAT | O_WRONLY, 0666) < 0 && errno == EILSEQ);
		WANT(mkdir(names[i], 0777) != 0 && errno == EILSEQ);
		WANT(rename("/plain", names[i]) != 0 && errno == EILSEQ);
	}
	WANT(has("/plain", "plain") && unlink("/plain") == 0);
}

/* A name may be spelt otherwise. */
static void respelt(void)
{
	put("/note.txt", "note");
	WANT(rename("/note.txt", "/NOTE.TXT") == 0 && has("/NOTE.TXT", "note"));
	WANT(rename("/NOTE.TXT", "/NOTE.TXT") == 0 && has("/NOTE.TXT", "note"));
	WANT(unlink("/NOTE.TXT") == 0);
	WANT(mkdir("/dir", 0777) == 0);
	put("/dir/file", "file");
	WANT(rename("/dir", "/Dir") == 0 && has("/Dir/file", "file"));
	WANT(unlink("/Dir/file") == 0 && rmdir("/Dir") == 0);
}

static void name_of(char *name, size_t size, int number)
{
	snprintf(name, size, "/many/%03d-a-rather-long-name-of-a-measurement.txt", number);
}

/* What is removed as it is listed makes the list miss nothing; nor does what is listed inside. */
static void removes_a_tree(int count)
{
	static char name[96];
	const struct dirent *entry;
	int seen = 0;
	DIR *dir;
	DIR *inner;

	WANT(mkdir("/many", 0777) == 0);
	for (int i = 0; i < count; i++) {
		name_of(name, sizeof(name), i);
		put(name, "");
	}
	dir = opendir("/many");
	WANT(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.') {
			continue;
		}
		if (seen++ == 0) {
			inner = opendir("/");
			WANT(inner != NULL && readdir(inner) != NULL);
			closedir(inner);
		}
		snprintf(name, sizeof(name), "/many/%s", entry->d_name);
		WANT(unlink(name) == 0);
		/* Some are made anew, which it may tell or not. */
		if (seen == 5) {
			put("/many/.new", "");
		}
	}
	closedir(dir);
	WANT(seen == count);
	WANT(unlink("/many/.new") == 0 && rmdir("/many") == 0);
}

/* Lines at the end of a file that others write to, too. */
static void appends(const char *path, const char *word)
{
	int file = open(path, O_CREAT | O_WRONLY | O_APPEND, 0666);
	char line[16];
	int length = snprintf(line, sizeof(line), "%s\n", word);

	WANT(file >= 0);
	for (int i = 0; i < 50; i++) {
		WANT(write(file, line, length) == length);
		if (i % 8 == 0) {
			usleep(1000);
		}
	}
	WANT(close(file) == 0);
}

/* What is synced is there after power was cut; so are those files that nobody touched meanwhile. */
static void syncs(void)
{
	int file = open("/kept", O_CREAT | O_WRONLY, 0666);

	put("/untouched", "untouched");
	WANT(file >= 0 && write(file, "kept", 4) == 4 && fsync(file) == 0);
	WANT(write(file, "and not synced", 14) == 14);
	WANT(close(file) == 0);
}

static void has_synced(void)
{
	char bytes[4];
	int file = open("/kept", O_RDONLY);

	WANT(file >= 0 && read(file, bytes, 4) == 4 && memcmp(bytes, "kept", 4) == 0);
	close(file);
	WANT(has("/untouched", "untouched"));
	/* The card is one to write to. */
	put("/after", "after");
	WANT(has("/after", "after") && unlink("/after") == 0);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	const char *more = argc > 2 ? argv[2] : "";

	if (strcmp(what, "one-file") == 0) {
		one_file();
	} else if (strcmp(what, "removed") == 0) {
		removed(more);
	} else if (strcmp(what, "replaced") == 0) {
		replaced();
	} else if (strcmp(what, "into-itself") == 0) {
		into_itself(more);
	} else if (strcmp(what, "too-large") == 0) {
		too_large();
	} else if (strcmp(what, "commands") == 0) {
		commands();
	} else if (strcmp(what, "respelt") == 0) {
		respelt();
	} else if (strcmp(what, "removes-a-tree") == 0) {
		removes_a_tree(atoi(more));
	} else if (strcmp(what, "syncs") == 0) {
		syncs();
	} else if (strcmp(what, "has-synced") == 0) {
		has_synced();
	} else if (strcmp(what, "appends") == 0 && argc > 3) {
		appends(more, argv[3]);
	} else {
		return 1;
	}
	return 0;
}
