//! `wasi:clocks` over the kernel's uptime.

use crate::platform::Zephyr;
use crate::sys;
use zephyr_wasm_api::clocks::Clock;

impl Clock for Zephyr {
    fn now(&self) -> u64 {
        // SAFETY: takes nothing.
        unsafe { sys::zephyr_wasm_clock_now() }
    }

    fn resolution(&self) -> u64 {
        // SAFETY: takes nothing.
        unsafe { sys::zephyr_wasm_clock_resolution() }
    }

    fn sleep(&self, duration: u64) {
        // SAFETY: any duration is good.
        unsafe { sys::zephyr_wasm_clock_sleep(duration) }
    }
}
