//! `wasi:clocks` over the kernel's uptime.

use crate::platform::Zephyr;
use zephyr_wasm_api::clocks::Clock;

unsafe extern "C" {
    /// Grants: none.
    fn zephyr_wasm_clock_now() -> u64;
    /// Grants: none.
    fn zephyr_wasm_clock_resolution() -> u64;
    /// Grants: none.
    fn zephyr_wasm_clock_sleep(duration: u64);
}

impl Clock for Zephyr {
    fn now(&self) -> u64 {
        // SAFETY: takes nothing.
        unsafe { zephyr_wasm_clock_now() }
    }

    fn resolution(&self) -> u64 {
        // SAFETY: takes nothing.
        unsafe { zephyr_wasm_clock_resolution() }
    }

    fn sleep(&self, duration: u64) {
        // SAFETY: any duration is good.
        unsafe { zephyr_wasm_clock_sleep(duration) }
    }
}
