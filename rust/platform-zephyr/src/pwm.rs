//! `zephyr:pwm` over Zephyr's controllers.

use crate::platform::Zephyr;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::pwm::Pwms;

unsafe extern "C" {
    /// Grants: `output` of `name`.
    fn zephyr_wasm_pwm_open(name: *const u8, length: usize) -> i32;
    /// Grants: none.
    fn zephyr_wasm_pwm_set(output: u32, period: u32, pulse: u32) -> i32;
    /// Grants: none.
    fn zephyr_wasm_pwm_close(output: u32);
}

impl Pwms for Zephyr {
    fn open(&self, name: &str) -> Result<u32, Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_pwm_open(name.as_ptr(), name.len()) })
    }

    fn set(&self, output: u32, period: u32, pulse: u32) -> Result<(), Failure> {
        // SAFETY: the number is an output of this app.
        Failure::check(unsafe { zephyr_wasm_pwm_set(output, period, pulse) }).map(drop)
    }

    fn close_output(&self, output: u32) {
        // SAFETY: the number is an output of this app.
        unsafe { zephyr_wasm_pwm_close(output) }
    }
}
