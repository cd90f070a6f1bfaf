/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Makes the calls of WASI that it is told, over and over, until it is killed.
 */

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static bool opens(void)
{
	return close(open("/slow/file", O_RDWR | O_CREAT)) == 0;
}

static bool reads(int fd)
{
	char bytes[16];

	return pread(fd, bytes, sizeof(bytes), 100) > 0 && lseek(fd, 0, SEEK_END) > 0 &&
	       lseek(fd, 0, SEEK_SET) == 0 && read(fd, bytes, sizeof(bytes)) > 0;
}

static bool writes(int fd)
{
	struct stat status;

	return ftruncate(fd, 2000) == 0 && pwrite(fd, "12", 2, 10) == 2 &&
	       write(fd, "12", 2) == 2 && lseek(fd, 0, SEEK_SET) == 0 && fsync(fd) == 0 &&
	       fstat(fd, &status) == 0;
}

static bool makes(void)
{
	struct stat status;

	/* One that was killed may have left it there. */
	(void)mkdir("/slow/made", 0);
	return stat("/slow/made", &status) == 0 && rmdir("/slow/made") == 0;
}

static bool renames(void)
{
	int fd = open("/slow/one", O_RDWR | O_CREAT);

	return close(fd) == 0 && rename("/slow/one", "/slow/two") == 0 && unlink("/slow/two") == 0;
}

static bool lists(void)
{
	DIR *directory = opendir("/slow");

	if (directory == NULL) {
		return false;
	}
	while (readdir(directory) != NULL) {
	}
	return closedir(directory) == 0;
}

static bool streams(void)
{
	struct pollfd polled = {.fd = 0, .events = POLLIN};
	struct timespec now;
	char byte;

	(void)isatty(1);
	return write(1, "1", 1) == 1 && poll(&polled, 1, 1) >= 0 && read(0, &byte, 1) == 1 &&
	       clock_gettime(CLOCK_REALTIME, &now) == 0;
}

/* Nothing of this waits. */
static bool looks(void)
{
	struct pollfd polled = {.fd = 1, .events = POLLOUT};
	struct timespec now;
	char bytes[16];

	return poll(&polled, 1, 0) == 1 && sched_yield() == 0 &&
	       clock_gettime(CLOCK_MONOTONIC, &now) == 0 && getentropy(bytes, sizeof(bytes)) == 0 &&
	       write(1, bytes, 0) == 0;
}

/* One call that takes as long as it likes: the same bytes, thousands of times. */
static bool writes_long(int fd)
{
	static char bytes[64];
	static struct iovec vectors[6000];

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		vectors[i] = (struct iovec){bytes, sizeof(bytes)};
	}
	return writev(1, vectors, sizeof(vectors) / sizeof(vectors[0])) > 0 &&
	       writev(fd, vectors, sizeof(vectors) / sizeof(vectors[0])) > 0;
}

/* The same, by what is between the end of a file and where it is written to. */
static bool grows_long(int fd)
{
	return ftruncate(fd, 0) == 0 && ftruncate(fd, 50000000) == 0;
}

static bool grows_by_a_write(int fd)
{
	return ftruncate(fd, 0) == 0 && pwrite(fd, "1", 1, 50000000) == 1;
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? open("/slow/file", O_RDWR) : -1;
	bool goes_on = true;

	while (goes_on) {
		switch (atoi(argv[1])) {
		case 0:
			goes_on = opens();
			break;
		case 1:
			goes_on = reads(fd);
			break;
		case 2:
			goes_on = writes(fd);
			break;
		case 3:
			goes_on = makes();
			break;
		case 4:
			goes_on = renames();
			break;
		case 5:
			goes_on = lists();
			break;
		case 6:
			goes_on = streams();
			break;
		case 8:
			goes_on = writes_long(fd);
			break;
		case 9:
			goes_on = grows_long(fd);
			break;
		case 10:
			goes_on = grows_by_a_write(fd);
			break;
		default:
			goes_on = looks();
			break;
		}
	}
	return 1;
}
