/* SPDX-License-Identifier: Apache-2.0 */

/* Does what its first argument says, and exits with the errno of what failed; 0 if nothing did. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Writes to a file until something says no. */
static int fill_file(int file)
{
	static char bytes[256];
	int result = 0;

	if (file < 0) {
		return errno;
	}
	while (result == 0) {
		result = write(file, bytes, sizeof(bytes)) > 0 ? 0 : errno;
	}
	close(file);
	return result;
}

/* Fills a file. */
static int fill(const char *path)
{
	return fill_file(open(path, O_CREAT | O_WRONLY | O_TRUNC, 0666));
}

/* The same, and adds to it, of a directory that it has by another descriptor than it began with. */
static int fill_behind(const char *name)
{
	int directory = open("/", O_RDONLY | O_DIRECTORY);

	if (directory < 0 || close(3) != 0) {
		return errno;
	}
	return fill_file(openat(directory, name, O_CREAT | O_WRONLY | O_APPEND, 0666));
}

/* How many descriptors it opens, of which its streams are none. */
static int open_without_streams(const char *path)
{
	int count = 0;

	close(0);
	while (open(path, O_RDONLY) >= 0) {
		count++;
	}
	return count;
}

/* Writes the first byte of a file until something says no; if that is soon, how often it has. */
static int rewrite(const char *path)
{
	int file = open(path, O_CREAT | O_WRONLY, 0666);

	for (int i = 0; file >= 0 && i < 100000; i++) {
		if (pwrite(file, "x", 1, 0) != 1) {
			return i < 100 ? 100 + i : errno;
		}
	}
	return file < 0 ? errno : 0;
}

/* Writes to the end of a file, and reads its first byte in between, a hundred times. */
static int reread(const char *path)
{
	int file = open(path, O_CREAT | O_RDWR | O_APPEND, 0666);
	char byte;

	for (int i = 0; file >= 0 && i < 100; i++) {
		if (write(file, "x", 1) != 1 || pread(file, &byte, 1, 0) != 1) {
			return errno;
		}
	}
	return file < 0 ? errno : 0;
}

/* Makes directories until something says no: how many. */
static int make_many(const char *path)
{
	char name[64];
	int count = 0;

	while (count < 99) {
		snprintf(name, sizeof(name), "%s%d", path, count);
		if (mkdir(name, 0777) != 0) {
			return errno == EDQUOT ? count : 100 + errno;
		}
		count++;
	}
	return count;
}

static int open_many(const char *path)
{
	for (int i = 0; i < 1000; i++) {
		if (open(path, O_RDONLY) < 0) {
			return errno;
		}
	}
	return 0;
}

static int read_all(const char *path)
{
	char bytes[64];
	int file = open(path, O_RDONLY);
	ssize_t size;

	if (file < 0) {
		return errno;
	}
	while ((size = read(file, bytes, sizeof(bytes))) > 0) {
	}
	return size < 0 ? errno : 0;
}

static int long_path(void)
{
	static char path[4097];

	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	return open(path, O_RDONLY) < 0 ? errno : 0;
}

/* What is written, sought, cut and read again has to be what it was. */
static int round_trip(const char *path)
{
	char bytes[32] = "";
	FILE *file = fopen(path, "w+");

	if (file == NULL) {
		return errno;
	}
	fputs("0123456789", file);
	fseek(file, 20, SEEK_SET);
	fputs("end", file);
	fflush(file);
	if (ftruncate(fileno(file), 22) != 0) {
		return errno;
	}
	fseek(file, 5, SEEK_SET);
	if (fread(bytes, 1, sizeof(bytes), file) != 17) {
		return EIO;
	}
	fclose(file);
	return memcmp(bytes, "56789\0\0\0\0\0\0\0\0\0\0en", 17) == 0 ? 0 : EILSEQ;
}

static int poll_input(void)
{
	struct pollfd input = {.fd = 0, .events = POLLIN};
	struct timespec before;
	struct timespec after;

	clock_gettime(CLOCK_MONOTONIC, &before);
	if (poll(&input, 1, 50) != 0) {
		return EIO;
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	return (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 >=
			       50
		       ? 0
		       : EAGAIN;
}

static int churn(void)
{
	static char *held[32];
	unsigned int random = 1;

	for (int i = 0; i < 3000; i++) {
		unsigned int place = (random = random * 1103515245 + 12345) / 65536 % 32;
		unsigned int size = random / 2097152 % 200;

		if (held[place] != NULL && held[place][0] != (char)place) {
			return EILSEQ;
		}
		held[place] = random % 3 == 0 ? (free(held[place]), malloc(size + 1))
					      : realloc(held[place], size + 1);
		if (held[place] == NULL) {
			return ENOMEM;
		}
		memset(held[place], place, size + 1);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	const char *path = argc > 2 ? argv[2] : "";

	if (strcmp(what, "fill") == 0) {
		return fill(path);
	} else if (strcmp(what, "fill-behind") == 0) {
		return fill_behind(path);
	} else if (strcmp(what, "open-without-streams") == 0) {
		return open_without_streams(path);
	} else if (strcmp(what, "rewrite") == 0) {
		return rewrite(path);
	} else if (strcmp(what, "reread") == 0) {
		return reread(path);
	} else if (strcmp(what, "open-many") == 0) {
		return open_many(path);
	} else if (strcmp(what, "read") == 0) {
		return read_all(path);
	} else if (strcmp(what, "long-path") == 0) {
		return long_path();
	} else if (strcmp(what, "round-trip") == 0) {
		return round_trip(path);
	} else if (strcmp(what, "make-many") == 0) {
		return make_many(path);
	} else if (strcmp(what, "mkdir") == 0) {
		return mkdir(path, 0777) == 0 ? 0 : errno;
	} else if (strcmp(what, "remove") == 0) {
		return remove(path) == 0 ? 0 : errno;
	} else if (strcmp(what, "rename") == 0) {
		return rename(path, argv[3]) == 0 ? 0 : errno;
	} else if (strcmp(what, "poll") == 0) {
		return poll_input();
	} else if (strcmp(what, "churn") == 0) {
		return churn();
	} else if (strcmp(what, "copy") == 0) {
		int c;

		while ((c = getchar()) != EOF) {
			putchar(c);
		}
		return 0;
	} else if (strcmp(what, "write-on") == 0) {
		while (putchar('x') != EOF) {
		}
		return errno;
	} else if (strcmp(what, "lines") == 0) {
		for (int i = 0; i < 1000; i++) {
			printf("line %d\n", i);
			fflush(stdout);
		}
		return 0;
	} else if (strcmp(what, "environment") == 0) {
		printf("%s\n", getenv(path) == NULL ? "none" : getenv(path));
		return 0;
	} else if (strcmp(what, "exit") == 0) {
		exit(atoi(path));
	}
	return 99;
}
