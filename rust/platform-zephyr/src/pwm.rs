//! `zephyr:pwm` over Zephyr's controllers.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use core::ffi::c_char;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::pwm::Device;

in_c! {
    #[grants("output" of name)]
    unsafe fn zephyr_wasm_pwm_open(name: *const c_char, length: usize) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_pwm_set(output: u32, period: u32, pulse: u32) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_pwm_close(output: u32);
}

impl Device for Zephyr {
    fn open(&self, name: &str) -> Result<u32, Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_pwm_open(name.as_ptr().cast(), name.len()) })
    }

    fn set(&self, output: u32, period: u32, pulse: u32) -> Result<(), Failure> {
        Failure::check(zephyr_wasm_pwm_set(output, period, pulse)).map(drop)
    }

    fn close_output(&self, output: u32) {
        zephyr_wasm_pwm_close(output)
    }
}
