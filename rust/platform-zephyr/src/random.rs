//! `wasi:random` over Zephyr's random subsystem.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use zephyr_wasm_api::random::Device;

in_c! {
    #[grants(none)]
    unsafe fn zephyr_wasm_random_fill(bytes: *mut u8, length: usize);
}

impl Device for Zephyr {
    fn fill(&self, bytes: &mut [u8]) {
        // SAFETY: the pointer is good for its length, and not kept.
        unsafe { zephyr_wasm_random_fill(bytes.as_mut_ptr(), bytes.len()) }
    }
}
