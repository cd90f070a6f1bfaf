//! zephyr-wasm in firmware.
//!
//! Firmware in Rust depends on this crate and starts apps by [`App`]; firmware in C has the same as a static library
//! behind `zephyr_wasm/zephyr_wasm.h`.
#![no_std]

mod added;
mod allocator;
mod app;
mod entry;
mod platform;
mod sys;

#[cfg(CONFIG_WASM_API_CLOCKS)]
mod clocks;
#[cfg(CONFIG_WASM_API_LOG)]
mod log;
#[cfg(CONFIG_WASM_API_RANDOM)]
mod random;
#[cfg(CONFIG_WASM_API_TIMER)]
mod timer;

#[doc(hidden)]
pub use added::Added;
pub use app::{App, Error, Image, Status, start_all};
pub use platform::Zephyr;
pub use sys::Image as RawImage;
/// For host APIs of a firmware's own.
pub use zephyr_wasm_runtime as runtime;

/// Ends the app of the calling thread, or panics the kernel. For a panic handler.
pub fn panic() -> ! {
    // SAFETY: takes nothing, and does not return.
    unsafe { sys::zephyr_wasm_panic() }
}
