//! zephyr-wasm in firmware.
//!
//! Firmware in Rust depends on this crate and starts apps by [`App`]; firmware in C has the same as a static library
//! behind `zephyr_wasm/zephyr_wasm.h`.
#![no_std]

#[allow(unused_extern_crates)]
extern crate alloc;

mod added;
mod allocator;
mod app;
mod autopsy;
#[cfg(feature = "compiled")]
mod code;
mod entry;
mod in_c;
mod net;
mod platform;
mod remains;
mod store;
mod supervise;
mod sys;

mod coap_engine;
#[cfg(feature = "cooperative")]
mod cooperative;
mod wasi;

// The modules of the host APIs, which are the files of `wit/`.
include!(concat!(env!("OUT_DIR"), "/apis.rs"));

#[doc(hidden)]
pub use added::Added;
pub use app::{App, Error, Image, Status, start_all};
pub use platform::Zephyr;
pub use sys::Image as RawImage;
/// For host APIs of a firmware's own.
pub use zephyr_wasm_runtime as runtime;

/// Ends the app of the calling thread, or panics the kernel. For a panic handler.
pub fn panic() -> ! {
    sys::zephyr_wasm_panic()
}
