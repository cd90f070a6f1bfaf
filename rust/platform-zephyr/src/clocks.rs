//! `wasi:clocks` over the kernel's uptime.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use zephyr_wasm_api::clocks::Device;

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_clock_now() -> u64;
    #[grants(none)]
    safe fn zephyr_wasm_clock_resolution() -> u64;
    #[grants(none)]
    safe fn zephyr_wasm_clock_sleep(duration: u64);
}

impl Device for Zephyr {
    fn now(&self) -> u64 {
        zephyr_wasm_clock_now()
    }

    fn resolution(&self) -> u64 {
        zephyr_wasm_clock_resolution()
    }

    fn sleep(&self, duration: u64) {
        zephyr_wasm_clock_sleep(duration)
    }
}
