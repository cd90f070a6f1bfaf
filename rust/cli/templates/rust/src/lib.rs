//! An app for zephyr-wasm.
#![no_std]

use zephyr_wasm_guest::{MILLISECOND, app, clocks, info};

app!(run, heap = 512);

fn run() {
    info!("hello, 1");
    clocks::wait_for(10 * MILLISECOND);
    info!("hello, 2");
    clocks::wait_for(10 * MILLISECOND);
    info!("hello, 3");
}
