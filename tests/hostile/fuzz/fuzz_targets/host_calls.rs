//! `cargo +nightly fuzz run host_calls`, in `tests/hostile`: hostile guests of every interface, without end.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[global_allocator]
static ALLOCATOR: zephyr_wasm_platform_desk::RegionAllocator = zephyr_wasm_platform_desk::RegionAllocator;

fuzz_target!(|bytes: &[u8]| {
    hostile::run(bytes);
});
