//! Takes a mean of no readings.
#![no_std]

use zephyr_wasm_guest::{app, info};

app!(run, heap = 64);

fn mean(readings: &[u32]) -> u32 {
    let sum: u32 = readings.iter().sum();
    sum / core::hint::black_box(readings.len() as u32)
}

fn run() {
    info!("mean");
    let readings = [20, 21, 22];
    let recent = core::hint::black_box(0);
    let _ = core::hint::black_box(mean(&readings[..recent]));
}
