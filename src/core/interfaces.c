/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * The host APIs of the image. The Rust library contains all host APIs, and the linker drops those
 * that are not named here.
 */

#include <stddef.h>

#include <zephyr/sys/util.h>

#include "zephyr_wasm_declared.h"

/* Defined in Rust: rust/platform-zephyr/src/added.rs. */
struct zephyr_wasm_interface;

#define DECLARE(symbol, name)                                                                      \
	extern const struct zephyr_wasm_interface zephyr_wasm_interface_##name;

ZEPHYR_WASM_INTERFACES(DECLARE)
DECLARE(WASI, wasi)
DECLARE(WASI_FILES, wasi_files)
DECLARE(WASI_UNSTABLE, wasi_unstable)
DECLARE(WASI_UNSTABLE_FILES, wasi_unstable_files)

#define INTERFACE(symbol, name)                                                                    \
	COND_CODE_1(CONFIG_WASM_API_##symbol, (&zephyr_wasm_interface_##name, ), ())

const struct zephyr_wasm_interface *const zephyr_wasm_interfaces[] = {
	/* clang-format off */
	ZEPHYR_WASM_INTERFACES(INTERFACE)
#if defined(CONFIG_WASM_WASI_FILES)
	&zephyr_wasm_interface_wasi_files,
#elif defined(CONFIG_WASM_WASI)
	&zephyr_wasm_interface_wasi,
#endif
#if defined(CONFIG_WASM_WASI_UNSTABLE) && defined(CONFIG_WASM_WASI_FILES)
	&zephyr_wasm_interface_wasi_unstable_files,
#elif defined(CONFIG_WASM_WASI_UNSTABLE)
	&zephyr_wasm_interface_wasi_unstable,
#endif
	/* clang-format on */
	NULL,
};

/* Optional parts of the runtime, selected in the same way. */
extern const struct zephyr_wasm_caller zephyr_wasm_caller;
extern const struct zephyr_wasm_floats zephyr_wasm_floats;
extern const struct zephyr_wasm_commands zephyr_wasm_commands;
extern const struct zephyr_wasm_autopsy zephyr_wasm_autopsy;

const struct zephyr_wasm_caller *const zephyr_wasm_caller_of_image =
	COND_CODE_1(CONFIG_WASM_CALL, (&zephyr_wasm_caller), (NULL));
const struct zephyr_wasm_floats *const zephyr_wasm_floats_of_image =
	COND_CODE_1(CONFIG_WASM_CALL_FLOATS, (&zephyr_wasm_floats), (NULL));
const struct zephyr_wasm_commands *const zephyr_wasm_commands_of_image =
	COND_CODE_1(CONFIG_WASM_WASI, (&zephyr_wasm_commands), (NULL));
const struct zephyr_wasm_autopsy *const zephyr_wasm_autopsy_of_image =
	COND_CODE_1(CONFIG_WASM_TRACE, (&zephyr_wasm_autopsy), (NULL));

/* Without the last entry, which only keeps the table from being empty. */
const size_t zephyr_wasm_interface_count = ARRAY_SIZE(zephyr_wasm_interfaces) - 1;
