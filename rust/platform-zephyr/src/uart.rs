//! `zephyr:uart` over Zephyr's serial ports.

use crate::in_c::in_c;
use crate::platform::Zephyr;
use core::ffi::c_char;
use zephyr_wasm_api::Failure;
use zephyr_wasm_api::uart::Device;

in_c! {
    #[grants("port" of name)]
    unsafe fn zephyr_wasm_uart_open(name: *const c_char, length: usize) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_uart_set_baud_rate(port: u32, rate: u32) -> i32;
    #[grants(none)]
    unsafe fn zephyr_wasm_uart_write(port: u32, data: *const u8, size: usize) -> i32;
    #[grants(none)]
    unsafe fn zephyr_wasm_uart_read(port: u32, data: *mut u8, room: usize, timeout: u64) -> i32;
    #[grants(none)]
    safe fn zephyr_wasm_uart_lost(port: u32) -> u32;
    #[grants(none)]
    safe fn zephyr_wasm_uart_close(port: u32);
}

impl Device for Zephyr {
    fn open(&self, name: &str) -> Result<u32, Failure> {
        // SAFETY: the pointer is good for its length, and not kept.
        Failure::check(unsafe { zephyr_wasm_uart_open(name.as_ptr().cast(), name.len()) })
    }

    fn set_baud_rate(&self, port: u32, rate: u32) -> Result<(), Failure> {
        Failure::check(zephyr_wasm_uart_set_baud_rate(port, rate)).map(drop)
    }

    fn write(&self, port: u32, data: &[u8]) -> Result<(), Failure> {
        // SAFETY: the number is a port of this app, and the pointer is good for its length.
        Failure::check(unsafe { zephyr_wasm_uart_write(port, data.as_ptr(), data.len()) }).map(drop)
    }

    fn read(&self, port: u32, buffer: &mut [u8], timeout: u64) -> Result<u32, Failure> {
        // SAFETY: the number is a port of this app, and the pointer is good for its length.
        let result = unsafe { zephyr_wasm_uart_read(port, buffer.as_mut_ptr(), buffer.len(), timeout) };
        Failure::check(result)
    }

    fn overrun(&self, port: u32) -> u32 {
        zephyr_wasm_uart_lost(port)
    }

    fn close_port(&self, port: u32) {
        zephyr_wasm_uart_close(port)
    }
}
