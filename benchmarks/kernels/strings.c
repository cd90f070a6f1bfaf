/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Bytes: words of a text are turned round, counted by their hash, and searched for, 10 times.
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define ROUNDS  10
#define BUCKETS 64
#define LONGEST 16

static const char text[] =
	"the quick brown fox jumps over the lazy dog while seventy grazing zebras watch the fox "
	"from a hill beyond the river and the dog dreams of rivers foxes and hills in the summer "
	"rain that falls on the fields the river the hill and the sleeping dog in equal measure";

static uint8_t counts[BUCKETS];

static uint32_t hash(const char *word, uint32_t length)
{
	uint32_t hash = 2166136261;

	for (uint32_t i = 0; i < length; i++) {
		hash = (hash ^ (uint8_t)word[i]) * 16777619;
	}
	return hash;
}

/* How often the word is in the text. */
static uint32_t occurrences(const char *word, uint32_t length)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i + length < sizeof(text); i++) {
		uint32_t same = 0;

		while (same < length && text[i + same] == word[same]) {
			same++;
		}
		found += same == length;
	}
	return found;
}

static uint32_t one_round(void)
{
	uint32_t digest = 0;
	uint32_t words = 0;

	for (const char *word = text; *word != '\0';) {
		char turned[LONGEST];
		uint32_t length = 0;

		while (word[length] != ' ' && word[length] != '\0') {
			length++;
		}
		for (uint32_t i = 0; i < length; i++) {
			turned[i] = word[length - 1 - i];
		}
		counts[hash(turned, length) % BUCKETS]++;
		if (words++ % 16 == 0) {
			digest = digest * 31 + occurrences(word, length);
		}
		word += length;
		if (*word == ' ') {
			word++;
		}
	}
	for (uint32_t i = 0; i < BUCKETS; i++) {
		digest = digest * 31 + counts[i];
	}
	return digest;
}

int32_t BENCHMARK(void)
{
	uint32_t digest = 0;

	memset(counts, 0, sizeof(counts));
	for (int round = 0; round < ROUNDS; round++) {
		digest ^= one_round();
	}
	return (int32_t)digest;
}
