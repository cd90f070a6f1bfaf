//! Says hello, and ends.
#![no_std]

use zephyr_wasm_guest::{app, info};

app!(run, heap = 256);

fn run() {
    info!("hello from Rust");
}
