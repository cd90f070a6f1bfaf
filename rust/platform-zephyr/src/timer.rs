//! `zephyr:timer` over the kernel's timers.
//!
//! The numbers come from `start`, through the app's handle table: an app cannot name a timer that is not its own.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use zephyr_wasm_api::timer::{Device, Error};

in_c! {
    #[grants(none)]
    safe fn zephyr_wasm_timer_start(duration: u64, periodic: bool) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_timer_wait(number: u32) -> u32;
    #[grants(none)]
    safe fn zephyr_wasm_timer_expired(number: u32) -> u32;
    #[grants(none)]
    safe fn zephyr_wasm_timer_stop(number: u32);
    #[grants(none)]
    safe fn zephyr_wasm_timer_close(number: u32);
}

impl Device for Zephyr {
    fn start(&self, duration: u64, periodic: bool) -> Result<u32, Error> {
        let number = zephyr_wasm_timer_start(duration, periodic);
        u32::try_from(number).map_err(|_| Error::Limit)
    }

    fn wait(&self, timer: u32) -> u32 {
        zephyr_wasm_timer_wait(timer)
    }

    fn expired(&self, timer: u32) -> u32 {
        zephyr_wasm_timer_expired(timer)
    }

    fn stop(&self, timer: u32) {
        zephyr_wasm_timer_stop(timer)
    }

    fn close(&self, timer: u32) {
        zephyr_wasm_timer_close(timer)
    }
}
