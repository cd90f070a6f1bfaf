/* SPDX-License-Identifier: Apache-2.0 */

/* Lists a directory, with the sizes of its files. */

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "/";
	DIR *directory = opendir(path);
	struct dirent *entry;
	char name[300];

	if (directory == NULL) {
		perror(path);
		return 1;
	}
	while ((entry = readdir(directory)) != NULL) {
		struct stat stat_of;

		if (entry->d_name[0] == '.') {
			continue;
		}
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (stat(name, &stat_of) == 0) {
			printf("%6d %s%s\n", (int)stat_of.st_size, entry->d_name,
			       S_ISDIR(stat_of.st_mode) ? "/" : "");
		}
	}
	closedir(directory);
	return 0;
}
