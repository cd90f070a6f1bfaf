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
mod entry;
mod in_c;
mod net;
mod platform;
mod remains;
mod store;
mod sys;

mod adc;
mod ble;
mod clocks;
mod coap;
mod coap_engine;
#[cfg(feature = "cooperative")]
mod cooperative;
mod gpio;
mod http;
mod i2c;
mod lifecycle;
mod log;
mod message;
mod pwm;
mod random;
mod sensor;
mod sockets;
mod spi;
mod storage;
mod timer;
mod uart;
mod wasi;

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
