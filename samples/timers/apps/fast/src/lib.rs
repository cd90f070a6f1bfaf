//! Does something every 50 ms, at a higher priority than its neighbour.
#![no_std]

use zephyr_wasm_guest::timer::{Error, Timer};
use zephyr_wasm_guest::{MILLISECOND, app, info};

app!(run, heap = 64);

fn run() -> i32 {
    match work() {
        Ok(missed) => missed,
        Err(_) => -1,
    }
}

/// How many periods it missed.
fn work() -> Result<i32, Error> {
    let timer = Timer::periodic(50 * MILLISECOND)?;
    let mut missed = 0;
    for round in 0..10 {
        missed += timer.wait() - 1;
        if round % 5 == 4 {
            info!("five more rounds of 50 ms");
        }
    }
    Ok(missed as i32)
}
