//! `zephyr:adc` over Zephyr's converters.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use core::ffi::c_char;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::adc::Device;

in_c! {
    #[grants("read" of name)]
    unsafe fn zephyr_wasm_adc_read(name: *const c_char, length: usize, microvolts: &mut i32) -> i32;
}

impl Device for Zephyr {
    fn microvolts(&self, name: &str) -> Result<i32, Failure> {
        let mut microvolts = 0;
        // SAFETY: the pointer is good for its length, and the result is written before it is read.
        Failure::check(unsafe { zephyr_wasm_adc_read(name.as_ptr().cast(), name.len(), &mut microvolts) })?;
        Ok(microvolts)
    }
}
