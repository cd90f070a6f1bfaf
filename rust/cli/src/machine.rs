//! What an app has of this machine where no board says it: as much as programs are used to have on Linux.

use zephyr_wasm_platform_host::STACK as OF_HOST_CALLS;
use zephyr_wasm_runtime::Limits;

/// All memory of an app in bytes, where neither a board nor an option says it. What nobody writes to costs nothing.
pub const HEAP: usize = 1 << 30;

/// The native stack of a compiled app's calls in bytes, as Linux gives it to a process, and of one for a board.
const STACK: usize = 8 << 20;
const STACK_OF_BOARD: usize = OF_HOST_CALLS / 2;

/// The interpreter's stack in bytes, as large as that; and calls of 64 bytes each that fit it.
const VALUE_STACK: usize = STACK;
const CALL_DEPTH: usize = VALUE_STACK / 64;

/// The elements of each table, as browsers have them, and the handles, as Linux lets a process have files.
const TABLE: usize = 10_000_000;
const HANDLES: usize = 1024;

/// For each symbol of Kconfig that the words of an app's end may name, the option that does here what it does on a board.
pub const OPTIONS: &[(&str, &str)] = &[
    ("CONFIG_WASM_APP_HEAP_SIZE", "--heap"),
    ("CONFIG_WASM_APP_STACK_SIZE", "--stack"),
    ("CONFIG_WASM_APP_TABLE_SIZE", "--table"),
    ("CONFIG_WASM_APP_HANDLE_COUNT", "--handles"),
    ("CONFIG_WASM_APP_CALL_DEPTH", "--call-depth"),
    ("CONFIG_WASM_APP_VALUE_STACK_SIZE", "--value-stack"),
    ("CONFIG_WASM_APP_FUEL", "--fuel"),
];

/// What of an app's native stack is left for host calls, in bytes.
pub const MARGIN: usize = OF_HOST_CALLS / 2;

/// The limits of a machine that is no board.
pub fn limits() -> Limits {
    Limits {
        heap: HEAP,
        table: TABLE,
        handles: HANDLES,
        value_stack: VALUE_STACK,
        call_depth: CALL_DEPTH,
        ..Limits::default()
    }
}

/// The native stack of a compiled app's calls in bytes.
pub fn stack(is_board: bool) -> usize {
    if is_board { STACK_OF_BOARD } else { STACK }
}
