/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The machine code in an app's file (rust/code has its format): whether this image runs it, and
 * where it begins. It is looked for each time that the file is verified, and what is found is kept
 * with the entry of the store.
 */

#include <string.h>

#include <zephyr/cache.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>

#include <zephyr_wasm/store.h>

#include "code.h"
#include "keys.h"
#include "store.h"
#include "zephyr_wasm_declared.h"

LOG_MODULE_DECLARE(zephyr_wasm, CONFIG_WASM_LOG_LEVEL);

/* Of zephyr_wasm_rs_code(): the file has no WebAssembly code either. */
#define NOTHING_TO_INTERPRET (-2)

/* Returns the key with a number, if it is one of CONFIG_WASM_COMPILED_KEYS and not revoked. */
static const uint8_t *compiled_key_at(size_t index)
{
	const uint8_t *key;

	for (size_t i = 0; i < zephyr_wasm_store_compiled_key_count; i++) {
		key = zephyr_wasm_store_keys[i];
		if (zephyr_wasm_trust_has(key) && index-- == 0) {
			return key;
		}
	}
	return NULL;
}

/* Whether the processor executes what is at an address. With a protection unit, ARM executes what
 * is in RAM only if that is shown to an app in user mode. */
static bool is_executable(uintptr_t address)
{
#if defined(CONFIG_ARM_MPU) && !(defined(CONFIG_WASM_USERSPACE) && defined(CONFIG_WASM_STORE_COPY))
	if (address - CONFIG_SRAM_BASE_ADDRESS < KB(CONFIG_SRAM_SIZE)) {
		return false;
	}
#endif
	return address % sizeof(uint64_t) == 0;
}

/* Has the processor fetch what is in memory now, and not what was there before. */
static void forget_instructions(const uint8_t *wasm, size_t size)
{
#if defined(CONFIG_CACHE_MANAGEMENT) && defined(CONFIG_DCACHE)
	(void)sys_cache_data_flush_range((void *)wasm, size);
#else
	ARG_UNUSED(wasm);
	ARG_UNUSED(size);
#endif
#if defined(CONFIG_RISCV)
	__asm__ volatile("fence.i" : : : "memory");
#elif defined(CONFIG_CACHE_MANAGEMENT) && defined(CONFIG_ICACHE)
	(void)sys_cache_instr_invd_all();
#endif
}

/* Whether the machine code that a file has may run. If not, writes why to @p message. */
static bool may_run(const uint8_t *wasm, size_t size, bool is_signed,
		    uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE], char *message)
{
	/* A file may have further signatures than the one that was found first, and an id of a key
	 * is no proof. */
	if (!is_signed ||
	    zephyr_wasm_rs_verify(wasm, size, compiled_key_at, signer, message) != 0) {
		(void)zephyr_wasm_store_fail(message, 0,
					     "is not signed by a key that may sign machine code "
					     "(CONFIG_WASM_COMPILED_KEYS)");
		return false;
	}
	if (!is_executable((uintptr_t)wasm)) {
		(void)zephyr_wasm_store_fail(
			message, 0,
			"has code, and is where none can run: in RAM, which this processor does "
			"not execute, or not at a multiple of 8 bytes");
		return false;
	}
	return true;
}

uint8_t zephyr_wasm_code_find(const char *name, const uint8_t *wasm, size_t size, bool is_signed,
			      uint8_t signer[ZEPHYR_WASM_KEY_ID_SIZE], const void **entry,
			      char *message)
{
	char why[ZEPHYR_WASM_MESSAGE_SIZE];
	intptr_t found = zephyr_wasm_rs_code(wasm, size, CONFIG_WASM_COMPILED_TARGET,
					     ZEPHYR_WASM_COMPILED_FRAME,
					     IS_ENABLED(CONFIG_WASM_RISCV_UNALIGNED_ACCESS), why);

	*entry = NULL;
	if (found > 0 && may_run(wasm, size, is_signed, signer, why)) {
		forget_instructions(wasm, size);
		/* An address of Thumb instructions is odd. */
		*entry = wasm + found + IS_ENABLED(CONFIG_ARM);
		return 0;
	}
	if (IS_ENABLED(CONFIG_WASM_INTERPRETER) && found > NOTHING_TO_INTERPRET) {
		if (found != 0) {
			LOG_WRN("%s: is interpreted, as it %s", name, why);
		}
		return 0;
	}
	(void)zephyr_wasm_store_fail(message, 0, "%s (%s)", why,
				     IS_ENABLED(CONFIG_WASM_INTERPRETER)
					     ? "and it has no WebAssembly code"
					     : "and this image has no interpreter");
	return ZEPHYR_WASM_REFUSED_CODE;
}
