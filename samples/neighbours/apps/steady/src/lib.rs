//! Keeps a period of 100 ms, whatever its neighbours do.
#![no_std]

use zephyr_wasm_guest::timer::Timer;
use zephyr_wasm_guest::{MILLISECOND, app, info};

app!(run, heap = 64);

fn run() -> i32 {
    let Ok(timer) = Timer::periodic(100 * MILLISECOND) else { return -1 };
    let mut missed = 0;
    for _ in 0..10 {
        missed += timer.wait() - 1;
        info!("on time");
    }
    missed as i32
}
