//! `zephyr:spi` over Zephyr's SPI controllers.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use core::ffi::c_char;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::spi::Device;

in_c! {
    #[grants(none)]
    unsafe fn zephyr_wasm_spi_find(name: *const c_char, length: usize) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_spi_size() -> u32;
    #[grants(zephyr_wasm_spi_may_transfer)]
    unsafe fn zephyr_wasm_spi_transfer(
        device: u32,
        write: *const u8,
        write_size: usize,
        read: *mut u8,
        read_size: usize,
    ) -> i32;
}

impl Device for Zephyr {
    fn find(&self, name: &str) -> Result<u32, Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_spi_find(name.as_ptr().cast(), name.len()) })
    }

    fn most(&self) -> u32 {
        zephyr_wasm_spi_size()
    }

    fn transfer(&self, device: u32, write: &[u8], read: &mut [u8]) -> Result<(), Failure> {
        let (write_size, read_size) = (write.len(), read.len());
        // SAFETY: the number came from `find`, and the pointers are good for their lengths.
        let result = unsafe {
            zephyr_wasm_spi_transfer(device, write.as_ptr(), write_size, read.as_mut_ptr(), read_size)
        };
        Failure::check(result).map(drop)
    }
}
