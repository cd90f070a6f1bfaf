//! An app for zephyr-wasm.
#![no_std]

use zephyr_wasm_guest::{MILLISECOND, app, clocks, info};

app!(run, heap = 512);

fn run() {
    for second in 1..=3 {
        info!("hello, {second}");
        clocks::wait_for(10 * MILLISECOND);
    }
}
