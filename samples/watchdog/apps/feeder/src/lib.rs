//! Feeds a watchdog three times, and then hangs, as an app might that waits for what never comes: the board is reset.
#![no_std]

use zephyr_wasm_guest::log::Line;
use zephyr_wasm_guest::watchdog::{Error, feed};
use zephyr_wasm_guest::{MILLISECOND, app, clocks, info};

app!(run, arena = 64);

fn run() -> i32 {
    if feed("other") == Err(Error::NotGranted) {
        info!("not granted: other");
    }
    for round in 1..=3 {
        if feed("process").is_err() {
            return 1;
        }
        Line::new().text("fed ").number(round).info();
        clocks::wait_for(200 * MILLISECOND);
    }
    info!("hangs");
    loop {
        clocks::wait_for(1000 * MILLISECOND);
    }
}
