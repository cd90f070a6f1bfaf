//! `wasi:clocks` over the system's monotonic clock.

use crate::current;
use crate::platform::HostPlatform;
use crate::time::{self, after};
use std::time::Instant;
use zephyr_wasm_api::clocks::Device;

impl Device for HostPlatform {
    fn now(&self) -> u64 {
        time::now()
    }

    fn resolution(&self) -> u64 {
        1
    }

    fn sleep(&self, duration: u64) {
        current::outside(|app| match duration {
            0 => std::thread::yield_now(),
            _ => app.sleep_until(after(Instant::now(), duration)),
        });
    }
}
