//! What an app written in Rust starts from: bindings of every host API, an entry macro, an allocator over a small
//! static heap, and a panic handler that traps and leaves what the host says of it.
//!
//! ```ignore
//! #![no_std]
//! use zephyr_wasm_guest::{app, clocks, info};
//!
//! app!(run, heap = 512);
//!
//! fn run() {
//!     info!("up for {} ms", clocks::now() / 1_000_000);
//! }
//! ```
#![no_std]

extern crate alloc;

pub mod arena;
pub mod heap;
pub mod log;
pub mod outcome;
#[cfg(target_arch = "wasm32")]
mod panic;

/// What stock `wit-bindgen` generates for the world `zephyr:app/app`.
#[allow(missing_docs, clippy::undocumented_unsafe_blocks, unsafe_op_in_unsafe_fn)]
pub mod bindings {
    include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
}

// The interfaces of all host APIs, by short names.
include!(concat!(env!("OUT_DIR"), "/names.rs"));

/// Nanoseconds in a second, for the host APIs that take nanoseconds.
pub const SECOND: u64 = 1_000_000_000;

/// Nanoseconds in a millisecond, for the host APIs that take nanoseconds.
pub const MILLISECOND: u64 = 1_000_000;

/// Makes a function the app's `run`. It returns nothing, an `i32`, or a `Result` of those.
///
/// `heap = N` gives the app N bytes to allocate from; 1024 without it. An app that never allocates pays nothing.
/// `arena = N` does so by a much smaller allocator, which uses memory again only when all of it is freed.
#[macro_export]
macro_rules! app {
    ($run:path) => { $crate::app!($run, heap = 1024); };
    ($run:path, heap = $heap:expr) => {
        #[global_allocator]
        static HEAP: $crate::heap::StaticHeap<{ $heap }> = $crate::heap::StaticHeap::new();
        $crate::app!(@entry $run);
    };
    ($run:path, arena = $arena:expr) => {
        #[global_allocator]
        static HEAP: $crate::arena::Arena<{ $arena }> = $crate::arena::Arena::new();
        $crate::app!(@entry $run);
    };
    (@entry $run:path) => {
        struct App;

        impl $crate::bindings::Guest for App {
            fn run() -> i32 {
                $crate::outcome::Outcome::code($run())
            }
        }

        $crate::bindings::export!(App with_types_in $crate::bindings);
    };
}
