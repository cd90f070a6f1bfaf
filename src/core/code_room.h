/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Memory for files whose machine code runs where it is: a piece that the processor's protection can
 * show to an app, and that has nothing else in it.
 */

#ifndef ZEPHYR_WASM_SRC_CODE_ROOM_H_
#define ZEPHYR_WASM_SRC_CODE_ROOM_H_

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

/* What protection goes by, in bytes. On RISC-V, the chip decides. */
#ifdef CONFIG_PMP_GRANULARITY
#define ZEPHYR_WASM_CODE_UNIT MAX(32, CONFIG_PMP_GRANULARITY)
#else
#define ZEPHYR_WASM_CODE_UNIT 32
#endif

/** How many bytes a file of @p size bytes takes. */
static inline size_t zephyr_wasm_code_room(size_t size)
{
	size_t room = ROUND_UP(size, ZEPHYR_WASM_CODE_UNIT);

	return IS_ENABLED(CONFIG_MPU_REQUIRES_POWER_OF_TWO_ALIGNMENT) ? BIT(LOG2CEIL(room)) : room;
}

/** What its address has to be a multiple of. */
static inline size_t zephyr_wasm_code_alignment(size_t size)
{
	return IS_ENABLED(CONFIG_MPU_REQUIRES_POWER_OF_TWO_ALIGNMENT) ? zephyr_wasm_code_room(size)
								      : ZEPHYR_WASM_CODE_UNIT;
}

#endif /* ZEPHYR_WASM_SRC_CODE_ROOM_H_ */
