//! What the code of a compiled app and the firmware agree on: `include/zephyr_wasm/compiled.h`, which says more of each.

use core::ffi::c_void;

/// Changes with whatever follows here.
#[doc(alias = "ZEPHYR_WASM_COMPILED_ABI")]
pub const ABI: u32 = 1;

/// What an instance begins with.
#[doc(alias = "struct zephyr_wasm_compiled_instance")]
#[repr(C)]
pub struct Instance {
    /// The linear memory.
    pub memory: *mut u8,
    /// Its size.
    pub memory_size: u32,
    /// What [`super::zephyr_wasm_compiled_enter`] sets.
    pub stack_limit: usize,
    /// What the app calls besides its imports.
    pub runtime: *const Runtime,
    /// What it imports.
    pub imports: *const Import,
    /// The store.
    pub host: *mut c_void,
    /// What [`super::zephyr_wasm_compiled_enter`] sets.
    pub frame: *mut c_void,
}

/// What the firmware gives to all compiled apps: functions.
#[doc(alias = "struct zephyr_wasm_compiled_runtime")]
#[repr(C)]
pub struct Runtime {
    /// [`super::zephyr_wasm_compiled_leave`].
    pub trap: *const c_void,
    /// Takes an instance and a size.
    pub grow_memory: *const c_void,
    /// Takes an instance and two numbers of elements.
    pub grow_table: *const c_void,
}

// SAFETY: it is constant.
unsafe impl Sync for Runtime {}

/// A function of the host.
#[doc(alias = "struct zephyr_wasm_compiled_import")]
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Import {
    /// What the app calls, with the instance and the next before its own arguments.
    pub call: *const c_void,
    /// What that calls.
    pub function: *const c_void,
}

/// What has to be known of an app before there is an instance.
#[doc(alias = "struct zephyr_wasm_compiled_info")]
#[derive(Default)]
#[repr(C)]
pub struct Info {
    /// [`ABI`].
    pub abi: u32,
    /// In bytes.
    pub instance_size: u32,
    /// How many functions it imports.
    pub import_count: u32,
    /// The elements of all tables, as they begin.
    pub element_count: u32,
    /// The bytes of its memory as it begins.
    pub memory_min: u64,
    /// The most that the module says.
    pub memory_max: u64,
    /// Whether anything makes it grow.
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

// SAFETY: C includes prototypes that are made of these declarations.
#[cfg(not(feature = "loaded"))]
unsafe extern "C" {
    /// Calls the entry function of an app, with a limit to its stack. Returns what that returns, or the number with which the
    /// app was left, and where that was; 0 if nobody knows.
    pub unsafe fn zephyr_wasm_compiled_enter(
        entry: *const c_void,
        instance: *mut Instance,
        operation: u32,
        number: u32,
        argument: *mut c_void,
        place: &mut u32,
    ) -> u32;
    /// Leaves the innermost call of an entry function.
    pub unsafe fn zephyr_wasm_compiled_leave(instance: *mut Instance, number: u32, place: u32) -> !;
}
