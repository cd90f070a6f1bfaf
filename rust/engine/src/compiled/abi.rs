//! What the code of a compiled app and the firmware agree on: `include/zephyr_wasm/compiled.h`, which says more of each.

use core::ffi::c_void;

/// Changes with whatever follows here.
#[doc(alias = "ZEPHYR_WASM_COMPILED_ABI")]
pub const ABI: u32 = 1;

/// What an instance begins with.
#[doc(alias = "struct zephyr_wasm_compiled_instance")]
#[repr(C)]
pub struct Instance {
    pub memory: *mut u8,
    pub memory_size: u32,
    pub stack_limit: usize,
    pub runtime: *const Runtime,
    pub imports: *const Import,
    pub host: *mut c_void,
    pub frame: *mut c_void,
}

/// What the firmware gives to all compiled apps.
#[doc(alias = "struct zephyr_wasm_compiled_runtime")]
#[repr(C)]
pub struct Runtime {
    pub trap: unsafe extern "C" fn(*mut Instance, u32, u32) -> !,
    pub grow_memory: unsafe extern "C" fn(*mut Instance, u32) -> u32,
    pub grow_table: unsafe extern "C" fn(*mut Instance, u32, u32) -> u32,
}

/// A function of the host.
#[doc(alias = "struct zephyr_wasm_compiled_import")]
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Import {
    pub call: *const c_void,
    pub function: *const c_void,
}

/// What has to be known of an app before there is an instance.
#[doc(alias = "struct zephyr_wasm_compiled_info")]
#[derive(Default)]
#[repr(C)]
pub struct Info {
    pub abi: u32,
    pub instance_size: u32,
    pub import_count: u32,
    pub element_count: u32,
    pub memory_min: u64,
    pub memory_max: u64,
    pub grows: u32,
}

/// Writes an [`Info`].
#[doc(alias = "ZEPHYR_WASM_COMPILED_INFO")]
pub const INFO: u32 = 0;
/// Begins an instance.
#[doc(alias = "ZEPHYR_WASM_COMPILED_INIT")]
pub const INIT: u32 = 1;
/// Calls an export, or reads a global.
#[doc(alias = "ZEPHYR_WASM_COMPILED_CALL")]
pub const CALL: u32 = 2;

/// In place of a trap's number: an element segment does not fit its table.
#[doc(alias = "ZEPHYR_WASM_TRAP_ELEMENTS")]
pub const ELEMENTS: u32 = 0xfe;

/// The one function of a compiled app that others call.
pub type Entry = unsafe extern "C" fn(u32, *mut Instance, u32, *mut c_void) -> u32;

// SAFETY: `src/compiled` has these, and includes the prototypes that `zephyr-wasm-declare` makes of this.
unsafe extern "C" {
    /// Calls an entry function, and returns what that returns, or the number with which the app was left, and where.
    pub unsafe fn zephyr_wasm_compiled_enter(
        entry: Entry,
        instance: *mut Instance,
        operation: u32,
        number: u32,
        argument: *mut c_void,
        place: *mut u32,
    ) -> u32;

    /// Leaves the innermost call of an entry function.
    pub unsafe fn zephyr_wasm_compiled_leave(instance: *mut Instance, number: u32, place: u32) -> !;
}
