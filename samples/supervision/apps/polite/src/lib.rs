//! Works until it is asked to end, and leaves things tidy.
#![no_std]

use zephyr_wasm_guest::timer::Timer;
use zephyr_wasm_guest::{MILLISECOND, app, info, lifecycle};

app!(run, heap = 64);

fn run() -> i32 {
    let Ok(timer) = Timer::periodic(50 * MILLISECOND) else { return -1 };
    info!("at work");
    while !lifecycle::stopping() {
        timer.wait();
    }
    info!("good bye");
    0
}
