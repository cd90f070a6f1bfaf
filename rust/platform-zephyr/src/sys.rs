//! The C shims in `src/`. They take and give integers and pointers only: on native_sim, Rust and C do not agree on
//! how floats are passed.
//!
//! What a host API calls in C is declared in its own file, by `in_c!`. `zephyr-wasm-declare` reads all of them, and writes
//! prototypes of the functions for C, and assertions that structures and numbers with C's name (`#[doc(alias = "...")]`) are
//! the same there.

use core::ffi::{c_char, c_int, c_void};

/// A loaded app, which only C knows.
#[doc(alias = "struct zephyr_wasm_app")]
#[repr(C)]
pub struct RawApp {
    _private: [u8; 0],
}

/// What C has by this name.
#[doc(alias = "struct zephyr_wasm_image, ...")]
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

/// What C has by this name: `zephyr-wasm-declare` writes it of the same table of keys.
#[doc(alias = "struct zephyr_wasm_limits")]
pub type Limits = zephyr_wasm_manifest::limits::OfImage;

/// What C has by this name.
#[doc(alias = "struct zephyr_wasm_source")]
#[repr(C)]
pub struct Source {
    pub wasm: *const u8,
    pub size: usize,
    pub validated: bool,
    /// The entry of what it was compiled to, if it was.
    pub entry: *const c_void,
}

/// What C has by this name.
#[doc(alias = "struct zephyr_wasm_call")]
#[repr(C)]
pub struct Call {
    pub function: *const c_char,
    pub arguments: *const c_char,
    pub result: *mut c_char,
    pub result_size: usize,
}

/// What C has by this name.
#[doc(alias = "struct zephyr_wasm_manifest")]
#[repr(C)]
pub struct Manifest {
    pub heap: u32,
    pub stack: u32,
    pub priority: i32,
}

/// What C has by this name.
#[doc(alias = "struct zephyr_wasm_identity")]
#[repr(C)]
pub struct Identity {
    pub name: [u8; 32],
    pub version: [u16; 3],
}

/// What C has by this name.
#[doc(alias = "struct zephyr_wasm_status")]
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
    pub compiled: bool,
    pub message: [u8; MESSAGE_SIZE],
}

/// Room for an end in words.
#[doc(alias = "ZEPHYR_WASM_MESSAGE_SIZE")]
pub const MESSAGE_SIZE: usize = 161;
const _: () = assert!(MESSAGE_SIZE == zephyr_wasm_runtime::message::MESSAGE_MAX + 1);

// SAFETY: C includes prototypes that are made of these declarations.
unsafe extern "C" {
    /// Serves Rust's allocator: the app of the calling thread from its memory, others from the system's heap.
    pub safe fn zephyr_wasm_alloc(size: usize, align: usize) -> *mut c_void;
    /// Frees to the heap that it came from.
    pub unsafe fn zephyr_wasm_free(memory: *mut c_void);
    /// The next allocation of the calling thread's app may return NULL.
    pub safe fn zephyr_wasm_next_allocation_may_fail();
    pub safe fn zephyr_wasm_loaded();
    /// The linear memory of the calling thread's app is to have so many bytes, of `most` that it can have at all. False if
    /// it cannot, and keeps what it has.
    pub safe fn zephyr_wasm_memory_is(size: usize, most: usize) -> bool;
    /// Whether a block that is to have so many bytes is that memory, and has the room for it.
    #[cfg(feature = "validate")]
    pub unsafe fn zephyr_wasm_memory_stays(memory: *const c_void, size: usize) -> bool;
    /// How many bytes are there of a block that the engine believes to have `size`.
    #[cfg(feature = "validate")]
    pub unsafe fn zephyr_wasm_memory_has(memory: *const c_void, size: usize) -> usize;
    /// How many bytes of the memory of the calling thread's app there are for a linear memory that never moves, if a part is
    /// left for all else: at least `least`, and at most `most`, behind `head` bytes of the same allocation.
    #[cfg(feature = "compiled")]
    pub safe fn zephyr_wasm_compiled_room(head: usize, least: usize, most: usize) -> usize;
    /// The linear memory of the calling thread's app, for which there is room, has so many bytes.
    #[cfg(feature = "compiled")]
    pub safe fn zephyr_wasm_compiled_memory_is(size: usize);
    /// The app's first instruction is next; what it holds, for zephyr_wasm_rs_close().
    pub unsafe fn zephyr_wasm_started(host: *mut c_void);
    pub safe fn zephyr_wasm_stopped();
    pub safe fn zephyr_wasm_host_begin();
    pub safe fn zephyr_wasm_host_end();
    pub unsafe fn zephyr_wasm_call_begin();
    pub unsafe fn zephyr_wasm_call_end();
    pub safe fn zephyr_wasm_is_in_call() -> bool;
    /// What is left of an app whose thread is aborted; so this does not come by the gate of user mode.
    pub unsafe fn zephyr_wasm_remains_of(app: *mut RawApp, place: u32, memory: *const u8, size: usize);
    pub unsafe fn zephyr_wasm_add_apis(added: *mut c_void);
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
    pub safe fn zephyr_wasm_panic() -> !;
    #[cfg(feature = "cooperative")]
    pub safe fn zephyr_wasm_suspends() -> bool;
    #[cfg(feature = "slices")]
    pub safe fn zephyr_wasm_slice_ended();

    pub unsafe fn zephyr_wasm_start(image: *const Image, app: *mut *mut RawApp) -> c_int;
    pub safe fn zephyr_wasm_start_all() -> c_int;
    pub unsafe fn zephyr_wasm_kill(app: *mut RawApp) -> c_int;
    pub unsafe fn zephyr_wasm_status(app: *mut RawApp, status: *mut Status) -> c_int;
    pub unsafe fn zephyr_wasm_release(app: *mut RawApp) -> c_int;
    pub unsafe fn zephyr_wasm_wait_ms(app: *mut RawApp, milliseconds: i64, status: *mut Status) -> c_int;
}
