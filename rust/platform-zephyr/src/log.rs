//! `wasi:logging` over Zephyr's log.

use crate::platform::Zephyr;
use zephyr_wasm_api::log::{Level, Log};

unsafe extern "C" {
    /// Grants: none.
    fn zephyr_wasm_log(
        level: u32,
        context: *const u8,
        context_length: usize,
        message: *const u8,
        length: usize,
    );
}

impl Log for Zephyr {
    fn log(&self, level: Level, context: &str, message: &str) {
        // SAFETY: the pointers are good for their lengths, and not kept.
        unsafe {
            zephyr_wasm_log(level as u32, context.as_ptr(), context.len(), message.as_ptr(), message.len());
        }
    }
}
