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
#[cfg(any(CONFIG_WASM_API_SOCKETS, CONFIG_WASM_API_COAP))]
mod net;
mod platform;
mod sys;

#[cfg(CONFIG_WASM_API_ADC)]
mod adc;
#[cfg(CONFIG_WASM_API_BLE)]
mod ble;
#[cfg(CONFIG_WASM_API_CLOCKS)]
mod clocks;
#[cfg(CONFIG_WASM_API_COAP)]
mod coap;
#[cfg(CONFIG_WASM_API_GPIO)]
mod gpio;
#[cfg(CONFIG_WASM_API_HTTP)]
mod http;
#[cfg(CONFIG_WASM_API_I2C)]
mod i2c;
#[cfg(CONFIG_WASM_API_LOG)]
mod log;
#[cfg(CONFIG_WASM_API_MESSAGE)]
mod message;
#[cfg(CONFIG_WASM_API_PWM)]
mod pwm;
#[cfg(CONFIG_WASM_API_RANDOM)]
mod random;
#[cfg(CONFIG_WASM_API_SENSOR)]
mod sensor;
#[cfg(CONFIG_WASM_API_SOCKETS)]
mod sockets;
#[cfg(CONFIG_WASM_API_SPI)]
mod spi;
#[cfg(CONFIG_WASM_API_STORAGE)]
mod storage;
#[cfg(CONFIG_WASM_API_TIMER)]
mod timer;
#[cfg(CONFIG_WASM_API_UART)]
mod uart;

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
