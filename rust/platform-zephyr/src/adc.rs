//! `zephyr:adc` over Zephyr's converters.

use crate::platform::Zephyr;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::adc::Adc;

unsafe extern "C" {
    /// Grants: `read` of `name`.
    fn zephyr_wasm_adc_read(name: *const u8, length: usize, microvolts: &mut i32) -> i32;
}

impl Adc for Zephyr {
    fn microvolts(&self, name: &str) -> Result<i32, Failure> {
        let mut microvolts = 0;
        // SAFETY: the pointer is good for its length, and the result is written before it is read.
        Failure::check(unsafe { zephyr_wasm_adc_read(name.as_ptr(), name.len(), &mut microvolts) })?;
        Ok(microvolts)
    }
}
