/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an install of an app of 20 KB costs. Printed, and not judged: scripts/measure counts it in
 * instructions.
 */

#include "store/keys.h"
#include "zephyr_wasm_declared.h"

#include "common.h"

static uint32_t begun;

static void begin(void)
{
	begun = k_cycle_get_32();
}

static void end(const char *what)
{
	TC_PRINT("cost of %s: %u cycles\n", what, k_cycle_get_32() - begun);
}

static const uint8_t *key_at(size_t index)
{
	return index < zephyr_wasm_store_key_count ? zephyr_wasm_store_keys[index] : NULL;
}

ZTEST(store, test_measure_an_install)
{
	uint8_t digest[ZEPHYR_WASM_DIGEST_SIZE];
	uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE];
	struct zephyr_wasm_identity identity;

	TC_PRINT("an app of %u bytes\n", (unsigned int)atlas.size);
	begin();
	zephyr_wasm_rs_digest(atlas.bytes, atlas.size, digest);
	end("digest");
	begin();
	zassert_equal(zephyr_wasm_rs_verify(atlas.bytes, atlas.size, key_at, signer, message), 0);
	end("signature");
	begin();
	zassert_ok(receive(&atlas, 256, SIZE_MAX), "%s", message);
	end("upload");
	begin();
	zassert_ok(zephyr_wasm_store_install(&identity, message), "%s", message);
	end("install");
	begin();
	zassert_ok(zephyr_wasm_store_start(identity.name, message), "%s", message);
	while (zephyr_wasm_find("atlas") != NULL && !runs("atlas")) {
		k_sleep(K_TICKS(1));
	}
	end("start");
	reboot();
	begin();
	zassert_equal(version_of("atlas"), 30);
	end("mount");
	begin();
	zassert_ok(zephyr_wasm_store_start("atlas", message), "%s", message);
	end("check after a start of the board");
	/* scripts/measure has seen enough. */
	TC_PRINT("measured\n");
}
