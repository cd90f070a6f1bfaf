//! `wasi:logging` over Zephyr's log.

use crate::platform::Zephyr;
use crate::sys;
use zephyr_wasm_api::log::{Level, Log};

impl Log for Zephyr {
    fn log(&self, level: Level, context: &str, message: &str) {
        // SAFETY: the pointers are good for their lengths, and not kept.
        unsafe {
            sys::zephyr_wasm_log(
                level as u32,
                context.as_ptr(),
                context.len(),
                message.as_ptr(),
                message.len(),
            );
        }
    }
}
