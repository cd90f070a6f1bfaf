//! `zephyr:i2c` over Zephyr's I2C controllers.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use alloc::string::String;
use core::ffi::{CStr, c_char};
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::i2c::Device;

in_c! {
    #[grants(none)]
    unsafe fn zephyr_wasm_i2c_find(name: *const c_char, length: usize) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_i2c_name(bus: u32) -> *const c_char;
    #[grants(none)]
    safe fn zephyr_wasm_i2c_size() -> u32;
    #[grants(zephyr_wasm_i2c_may_transfer)]
    unsafe fn zephyr_wasm_i2c_transfer(
        bus: u32,
        address: u32,
        write: *const u8,
        write_size: usize,
        read: *mut u8,
        read_size: usize,
    ) -> i32;
}

impl Device for Zephyr {
    fn find(&self, name: &str) -> Result<u32, Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_i2c_find(name.as_ptr().cast(), name.len()) })
    }

    fn name(&self, bus: u32) -> String {
        // SAFETY: the number came from `find`, and the name is constant and ends with a zero.
        unsafe { CStr::from_ptr(zephyr_wasm_i2c_name(bus)) }.to_str().unwrap_or_default().into()
    }

    fn most(&self) -> u32 {
        zephyr_wasm_i2c_size()
    }

    fn transfer(&self, bus: u32, address: u16, write: &[u8], read: &mut [u8]) -> Result<(), Failure> {
        // SAFETY: the number came from `find`, and the pointers are good for their lengths.
        let result = unsafe {
            zephyr_wasm_i2c_transfer(
                bus,
                address.into(),
                write.as_ptr(),
                write.len(),
                read.as_mut_ptr(),
                read.len(),
            )
        };
        Failure::check(result).map(drop)
    }
}
