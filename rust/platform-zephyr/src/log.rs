//! `wasi:logging` over Zephyr's log.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use core::ffi::c_char;
use zephyr_wasm_api::log::{Device, Level};

in_c! {
    #[grants(none)]
    unsafe fn zephyr_wasm_log(
        level: u32,
        context: *const c_char,
        context_length: usize,
        message: *const c_char,
        length: usize,
    );
}

impl Device for Zephyr {
    fn log(&self, level: Level, context: &str, message: &str) {
        // SAFETY: the pointers are good for their lengths, and not kept.
        unsafe {
            zephyr_wasm_log(
                level as u32,
                context.as_ptr().cast(),
                context.len(),
                message.as_ptr().cast(),
                message.len(),
            );
        }
    }
}
