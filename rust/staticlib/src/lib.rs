//! zephyr-wasm as the static library of firmware in C. It is all in `zephyr-wasm`; this adds the panic handler that
//! firmware in Rust has from the `zephyr` crate.
#![no_std]

extern crate zephyr_wasm;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    zephyr_wasm::panic()
}
