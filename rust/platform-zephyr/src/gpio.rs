//! `zephyr:gpio` over Zephyr's GPIO.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use core::ffi::c_char;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::gpio::{Device, GpioEdge as Edge};

in_c! {
    #[grants(zephyr_wasm_gpio_may_open)]
    unsafe fn zephyr_wasm_gpio_open(name: *const c_char, length: usize, mode: i32) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_gpio_get(line: u32) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_gpio_set(line: u32, active: bool) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_gpio_wait(line: u32, edge: u32, debounce: u64, timeout: u64) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_gpio_close(line: u32);
}

impl Device for Zephyr {
    fn open(&self, name: &str, drive: Option<bool>) -> Result<u32, Failure> {
        let mode = drive.map_or(-1, i32::from);
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_gpio_open(name.as_ptr().cast(), name.len(), mode) })
    }

    fn get(&self, line: u32) -> Result<bool, Failure> {
        Failure::check(zephyr_wasm_gpio_get(line)).map(|value| value == 1)
    }

    fn set(&self, line: u32, active: bool) -> Result<(), Failure> {
        Failure::check(zephyr_wasm_gpio_set(line, active)).map(drop)
    }

    fn wait_edge(&self, line: u32, edge: Edge, debounce: u64, timeout: u64) -> Result<bool, Failure> {
        let value = zephyr_wasm_gpio_wait(line, edge as u32, debounce, timeout);
        Failure::check(value).map(|value| value == 1)
    }

    fn close_line(&self, line: u32) {
        zephyr_wasm_gpio_close(line)
    }
}
