/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * A move that LittleFS gives up.
 */

#include <lfs.h>

#include <zephyr/sys/util.h>

/* What a tag of LittleFS's state of all has of a move: that there is one, and of which entry. */
#define HAS_MOVE GENMASK(30, 28)
#define MOVE     GENMASK(30, 10)

int __real_lfs_rename(lfs_t *lfs, const char *from, const char *to);
int __wrap_lfs_rename(lfs_t *lfs, const char *from, const char *to);

/* Before it writes an entry to another directory, LittleFS notes which one is to be removed. If
 * that fails, on a full card, the note stays: the next change of anybody writes it, and the one
 * after that removes whatever is there by then. It is under the file system's lock (-Wl,--wrap). */
int __wrap_lfs_rename(lfs_t *lfs, const char *from, const char *to)
{
	int result = __real_lfs_rename(lfs, from, to);

	if (result < 0 && (lfs->gdisk.tag & HAS_MOVE) == 0) {
		lfs->gstate.tag &= ~(uint32_t)MOVE;
		lfs->gstate.pair[0] = 0;
		lfs->gstate.pair[1] = 0;
	}
	return result;
}
