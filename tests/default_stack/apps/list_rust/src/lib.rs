//! Asks for a list, whose memory the host takes from it by calling back, and formats a number.
#![no_std]

use zephyr_wasm_guest::{app, info, random};

app!(run, heap = 256);

fn run() -> i32 {
    let bytes = random::get_random_bytes(16);
    info!("asked for {}", bytes.len());
    i32::from(bytes.len() != 16)
}
