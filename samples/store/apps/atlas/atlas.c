/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * An app as large as an app that does something: the table is multiples of Knuth's constant, which
 * it proves.
 */

#include <zephyr_wasm_guest.h>

#define CONSTANT UINT32_C(2654435761)

#define ROW(n)                                                                                     \
	(n) * CONSTANT, (n + 1) * CONSTANT, (n + 2) * CONSTANT, (n + 3) * CONSTANT,                \
		(n + 4) * CONSTANT, (n + 5) * CONSTANT, (n + 6) * CONSTANT, (n + 7) * CONSTANT
#define ROWS8(n)                                                                                   \
	ROW(n), ROW(n + 8), ROW(n + 16), ROW(n + 24), ROW(n + 32), ROW(n + 40), ROW(n + 48),       \
		ROW(n + 56)
#define ROWS64(n)                                                                                  \
	ROWS8(n), ROWS8(n + 64), ROWS8(n + 128), ROWS8(n + 192), ROWS8(n + 256), ROWS8(n + 320),   \
		ROWS8(n + 384), ROWS8(n + 448)

static const uint32_t table[] = {
	ROWS64(0u),    ROWS64(512u),  ROWS64(1024u), ROWS64(1536u), ROWS64(2048u),
	ROWS64(2560u), ROWS64(3072u), ROWS64(3584u), ROWS64(4096u), ROWS64(4608u),
};

int32_t exports_app_run(void)
{
	const volatile uint32_t *entry = table;

	for (uint32_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (entry[i] != i * CONSTANT) {
			return 1;
		}
	}
	guest_info("the table is whole");
	while (true) {
		guest_sleep_ms(1000);
	}
}
