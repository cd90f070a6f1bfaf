//! The C shims in `src/`. They take and give integers and pointers only: on native_sim, Rust and C do not agree on
//! how floats are passed.

use core::ffi::{c_char, c_int, c_void};

/// A loaded app, which only C knows.
#[repr(C)]
pub struct RawApp {
    _private: [u8; 0],
}

/// `struct zephyr_wasm_image`.
#[repr(C)]
pub struct Image {
    name: *const c_char,
    wasm: *const u8,
    size: usize,
    priority: c_int,
    validated: bool,
    path: *const c_char,
}

// SAFETY: images are constant.
unsafe impl Sync for Image {}

/// `struct zephyr_wasm_limits`.
#[repr(C)]
pub struct Limits {
    pub heap: usize,
    pub stack: usize,
    pub value_stack: u32,
    pub call_depth: u32,
    pub handles: u32,
    pub fuel: u32,
    pub memory: usize,
    pub table: u32,
    pub exports: u32,
}

/// `struct zephyr_wasm_source`.
#[repr(C)]
pub struct Source {
    pub wasm: *const u8,
    pub size: usize,
    pub validated: bool,
}

/// `struct zephyr_wasm_call`.
#[repr(C)]
pub struct Call {
    pub function: *const c_char,
    pub arguments: *const c_char,
    pub result: *mut u8,
    pub result_size: usize,
}

/// `struct zephyr_wasm_manifest`.
#[repr(C)]
pub struct Manifest {
    pub heap: u32,
    pub stack: u32,
    pub priority: i32,
}

/// `struct zephyr_wasm_identity`.
#[repr(C)]
pub struct Identity {
    pub name: [u8; 32],
    pub version: [u16; 3],
}

/// `struct zephyr_wasm_status`.
#[repr(C)]
pub struct Status {
    pub state: u8,
    pub end: u8,
    pub detail: i32,
    pub place: u32,
    pub heap_peak: usize,
    pub stack_peak: usize,
    pub linear_memory: usize,
    pub start_cycles: u32,
    pub restarts: u32,
    pub heap_used: usize,
    pub heap_size: usize,
    pub stack_size: usize,
    pub held: usize,
    pub held_peak: usize,
    pub run_cycles: u64,
    pub wakeups: u32,
    pub message: [u8; MESSAGE_SIZE],
}

/// `ZEPHYR_WASM_MESSAGE_SIZE`.
pub const MESSAGE_SIZE: usize = zephyr_wasm_runtime::message::MESSAGE_MAX + 1;

unsafe extern "C" {
    pub fn zephyr_wasm_alloc(size: usize, align: usize) -> *mut u8;
    pub fn zephyr_wasm_free(memory: *mut u8);
    pub fn zephyr_wasm_next_allocation_may_fail();
    pub fn zephyr_wasm_loaded();
    pub fn zephyr_wasm_memory_is(size: usize, most: usize) -> bool;
    #[cfg(feature = "validate")]
    pub fn zephyr_wasm_memory_stays(memory: *const u8, size: usize) -> bool;
    #[cfg(feature = "validate")]
    pub fn zephyr_wasm_memory_has(memory: *const u8, size: usize) -> usize;
    pub fn zephyr_wasm_started(host: *mut c_void);
    pub fn zephyr_wasm_stopped();
    pub fn zephyr_wasm_host_begin();
    pub fn zephyr_wasm_host_end();
    pub fn zephyr_wasm_call_begin();
    pub fn zephyr_wasm_call_end();
    pub fn zephyr_wasm_is_in_call() -> bool;
    pub fn zephyr_wasm_add_apis(added: *mut c_void);
    /// As long as the count says.
    pub static zephyr_wasm_interfaces: [*const c_void; 1];
    pub static zephyr_wasm_interface_count: usize;
    /// Null if the image has no calls by name.
    pub static zephyr_wasm_caller_of_image: *const c_void;
    /// Null if the image has no floating-point numbers in them.
    pub static zephyr_wasm_floats_of_image: *const c_void;
    /// Null if the image has no WASI.
    pub static zephyr_wasm_commands_of_image: *const c_void;
    /// Null if the image does not look at what is left of apps.
    pub static zephyr_wasm_autopsy_of_image: *const c_void;
    pub fn zephyr_wasm_panic() -> !;
    #[cfg(feature = "cooperative")]
    pub fn zephyr_wasm_suspends() -> bool;
    #[cfg(feature = "slices")]
    pub fn zephyr_wasm_slice_ended();

    pub fn zephyr_wasm_start(image: *const Image, app: *mut *mut RawApp) -> c_int;
    pub fn zephyr_wasm_start_all() -> c_int;
    pub fn zephyr_wasm_kill(app: *mut RawApp) -> c_int;
    pub fn zephyr_wasm_status(app: *mut RawApp, status: *mut Status) -> c_int;
    pub fn zephyr_wasm_release(app: *mut RawApp) -> c_int;
    pub fn zephyr_wasm_wait_ms(app: *mut RawApp, milliseconds: i64, status: *mut Status) -> c_int;
}
