//! Waits for one moment, and then does something every 100 ms.
#![no_std]

use zephyr_wasm_guest::timer::{Error, Timer};
use zephyr_wasm_guest::{MILLISECOND, app, clocks, info};

app!(run, heap = 64);

fn run() -> i32 {
    match work() {
        Ok(missed) => missed,
        Err(_) => -1,
    }
}

/// How many periods it missed.
fn work() -> Result<i32, Error> {
    let start = clocks::now();
    let once = Timer::one_shot(30 * MILLISECOND)?;
    once.wait();
    if clocks::now() - start < 30 * MILLISECOND {
        return Ok(-2);
    }
    info!("the one-shot timer has expired");
    drop(once);

    let timer = Timer::periodic(100 * MILLISECOND)?;
    let mut missed = 0;
    for _ in 0..4 {
        missed += timer.wait() - 1;
        info!("a round of 100 ms");
    }
    Ok(missed as i32)
}
