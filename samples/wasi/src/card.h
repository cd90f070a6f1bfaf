/*
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef SAMPLE_CARD_H_
#define SAMPLE_CARD_H_

/** Where the card is. */
#ifdef CONFIG_FAT_FILESYSTEM_ELM
#define CARD "/RAM:"
#else
#define CARD "/lfs"
#endif

/** Mounts the card: 0, or a negative errno. */
int card_begin(void);

/** Writes the programs to a card that has none: 0, or a negative errno. */
int card_add_programs(void);

#endif /* SAMPLE_CARD_H_ */
