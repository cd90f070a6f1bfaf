//! `zephyr:watchdog` over Zephyr's task watchdog.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use core::ffi::c_char;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::watchdog::Device;

in_c! {
    /// Feeds the watchdog of a name, which the first time starts.
    #[grants("feed" of name)]
    unsafe fn zephyr_wasm_watchdog_feed_by_name(name: *const c_char, length: usize) -> i32;
}

impl Device for Zephyr {
    fn feed(&self, name: &str) -> Result<(), Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_watchdog_feed_by_name(name.as_ptr().cast(), name.len()) })
            .map(drop)
    }
}
